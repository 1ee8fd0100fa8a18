import { Injectable } from '@nestjs/common';
import { Cache, cacheKey } from '@repo/cache';
import type { UserSnapshot } from '@repo/contracts';
import { NotFoundError } from '@repo/core';
import type { Transaction } from '@repo/database';
import { AuthorsRepository } from './authors.repository.js';
import { UsersClient } from './users.client.js';

/** The tag of all cached responses with posts of an author. */
const authorTag = (username: string) => cacheKey`user:${username}`;

@Injectable()
export class AuthorsService {
  constructor(
    private readonly authors: AuthorsRepository,
    private readonly users: UsersClient,
    private readonly cache: Cache,
  ) {}

  /** Reads the copy. On a miss, requests the user from the users service and stores it. */
  async get(username: string): Promise<{ id: number; username: string }> {
    const known = await this.authors.findByUsername(username);
    if (known) return known;
    const user = await this.users.findByUsername(username);
    if (!user || user.deleted) throw new NotFoundError('User not found');
    await this.authors.upsert(user);
    return user;
  }

  /** Stores a change of a user, and invalidates the cached responses under the old name and the new one. */
  async apply(user: UserSnapshot, tx: Transaction): Promise<void> {
    const before = await this.authors.findById(user.id, tx);
    await this.authors.upsert(user, tx);
    const names = new Set([user.username, before?.username ?? user.username]);
    tx.afterCommit(() => this.cache.invalidate(...[...names].map(authorTag)));
  }
}
