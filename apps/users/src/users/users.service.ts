import { Injectable } from '@nestjs/common';
import { Revocations, userRevocation } from '@repo/auth';
import { Cache, cacheKey } from '@repo/cache';
import type {
  CreateUserDto,
  ListUsersQuery,
  Page,
  PublicUser,
  UpdateUserDto,
  UserRateLimitsRead,
  UserRead,
  UserSnapshot,
  UserTierRead,
} from '@repo/contracts';
import {
  type Caller,
  ConflictError,
  NotFoundError,
  NotOwnerError,
  UnauthenticatedError,
  UnprocessableError,
} from '@repo/core';
import { Database, mapPage, type Transaction, violates } from '@repo/database';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { RateLimitsService } from '../rate-limits/rate-limits.service.js';
import { TiersService } from '../tiers/tiers.service.js';
import { SignUpPolicy } from './sign-up-policy.js';
import type { User } from './user.entity.js';
import { toPublicUser, toSnapshot, toUserRead } from './user.read.js';
import { UsersRepository } from './users.repository.js';

/** The longest life of an access token: the maximum of ACCESS_TOKEN_EXPIRE_MINUTES. */
const MAX_TOKEN_MS = 24 * 3_600_000;

@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly signUps: SignUpPolicy,
    private readonly tiers: TiersService,
    private readonly rateLimits: RateLimitsService,
    private readonly passwords: PasswordHasher,
    private readonly revocations: Revocations,
    private readonly cache: Cache,
    private readonly database: Database,
  ) {}

  async create({ name, username, email, password }: CreateUserDto): Promise<UserRead> {
    this.passwords.expectRoom();
    await this.signUps.admit();
    // Checked last and thrown first, so that the text is the same when the same sign-up commits between both checks.
    const isUsernameTaken = await this.users.isUsernameTaken(username);
    if (await this.users.isEmailTaken(email)) throw emailTaken();
    if (isUsernameTaken) throw usernameTaken();
    const passwordHash = await this.passwords.hash(password);
    return translateTaken(() =>
      this.database.transaction(async (tx) => {
        const user = await this.users.insert({ name, username, email, passwordHash }, tx);
        await tx.emit('user.created', toSnapshot(user));
        this.invalidate(username, tx);
        return tx.saveResponse(toUserRead(user));
      }),
    );
  }

  async list(query: ListUsersQuery): Promise<Page<PublicUser>> {
    return mapPage(await this.users.findPage(query), toPublicUser);
  }

  async getOwn(caller: Caller): Promise<UserRead> {
    const user = await this.users.findById(caller.id);
    if (!user) throw new UnauthenticatedError('User not authenticated.');
    return toUserRead(user);
  }

  async getPublic(username: string): Promise<PublicUser> {
    return toPublicUser(await this.get(username));
  }

  /** @returns null for an unknown or deleted user */
  async findSnapshot(where: { id: number } | { username: string }): Promise<UserSnapshot | null> {
    const user =
      'id' in where ? await this.users.findById(where.id) : await this.users.findByUsername(where.username);
    return user && toSnapshot(user);
  }

  async update(username: string, changes: UpdateUserDto, caller: Caller): Promise<void> {
    const user = await this.getOwned(username, caller);
    if (
      changes.username !== undefined &&
      changes.username !== user.username &&
      (await this.users.isUsernameTaken(changes.username))
    ) {
      throw usernameTaken();
    }
    if (
      changes.email !== undefined &&
      changes.email !== user.email &&
      (await this.users.isEmailTaken(changes.email))
    ) {
      throw emailTaken();
    }
    const { profile_image_url: profileImageUrl, ...rest } = changes;
    const sent = Object.fromEntries(
      Object.entries({ ...rest, profileImageUrl }).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(sent).length === 0) return;
    await translateTaken(() =>
      this.database.transaction(async (tx) => {
        const changed = await this.users.update(user.id, sent, tx);
        await tx.emit('user.updated', toSnapshot(changed));
        if (changed.username !== username) this.invalidate(changed.username, tx);
      }),
    );
  }

  /** Soft delete: the row stays and reads skip it. Name and address stay taken. */
  async softDelete(username: string, caller: Caller): Promise<void> {
    await this.softDeleteRow(await this.getOwned(username, caller));
  }

  /** Soft delete by an operator, with the effects of a deletion by the user. */
  async disable(username: string): Promise<void> {
    await this.softDeleteRow(await this.get(username));
  }

  /** Sets the superuser privilege, for operators. Access tokens with the old one are revoked; a refresh returns the new one. */
  async setSuperuser(username: string, isSuperuser: boolean): Promise<void> {
    const user = await this.get(username);
    await this.database.transaction(async (tx) => {
      if (!isSuperuser) await this.expectAnotherSuperuser(user, tx);
      const changed = await this.users.update(user.id, { isSuperuser }, tx);
      await tx.emit('user.privileges-changed', toSnapshot(changed));
      this.revokeAccessTokens(changed, tx);
    });
  }

  /** Sets a password, for operators. All sessions of the user end. */
  async setPassword(username: string, password: string): Promise<void> {
    const user = await this.get(username);
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      const changed = await this.users.update(user.id, { passwordHash }, tx);
      await tx.emit('user.password-changed', { userId: user.id, keepSessionId: null });
      this.revokeAccessTokens(changed, tx);
    });
  }

  /** Hard delete: removes the row. The event makes the other services delete everything that the user owns. */
  async hardDelete(username: string): Promise<void> {
    const user = await this.users.findAnyByUsername(username);
    if (!user) throw new NotFoundError('User not found');
    // #region change-and-event
    await this.database.transaction(async (tx) => {
      await this.expectAnotherSuperuser(user, tx);
      await this.users.hardDelete(user.id, tx);
      const deleted = { ...toSnapshot(user), deleted: true, version: user.version + 1 };
      await tx.emit('user.hard-deleted', deleted);
      this.revokeAccessTokens(deleted, tx);
    });
    // #endregion
  }

  async getWithTier(username: string): Promise<UserTierRead> {
    const user = await this.users.findByUsernameWithTier(username);
    if (!user) throw new NotFoundError('User not found');
    if (!user.tier) throw new NotFoundError('Tier not found');
    return { ...toPublicUser(user), tier_name: user.tier.name, tier_created_at: user.tier.createdAt };
  }

  async getWithRateLimits(username: string): Promise<UserRateLimitsRead> {
    const user = await this.get(username);
    return { ...toUserRead(user), tier_rate_limits: await this.rateLimits.listOfTier(user.tierId) };
  }

  /** @returns the user's display name */
  async assignTier(username: string, tierId: number): Promise<string> {
    const user = await this.get(username);
    const tier = await this.tiers.getById(tierId);
    try {
      await this.database.transaction(async (tx) => {
        await this.users.update(user.id, { tierId: tier.id }, tx);
        this.rateLimits.broadcastChange({ userId: user.id }, tx);
      });
    } catch (error) {
      if (violates(error, 'fk_users_tier')) throw new NotFoundError('Tier not found');
      throw error;
    }
    return user.name;
  }

  private async softDeleteRow(user: User): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.expectAnotherSuperuser(user, tx);
      const deleted = await this.users.softDelete(user.id, tx);
      await tx.emit('user.deleted', toSnapshot(deleted));
      this.invalidate(user.username, tx);
      this.revokeAccessTokens(deleted, tx);
    });
  }

  /**
   * Locks the superusers: of two parallel removals, the second waits for the first.
   *
   * @throws ConflictError when the user is the last superuser
   */
  private async expectAnotherSuperuser({ id, isSuperuser }: User, tx: Transaction): Promise<void> {
    if (!isSuperuser) return;
    const superusers = await this.users.lockSuperusers(tx);
    if (superusers.length === 1 && superusers[0]!.id === id)
      throw new ConflictError('The last superuser cannot be removed');
  }

  private async get(username: string): Promise<User> {
    const user = await this.users.findByUsername(username);
    if (!user) throw new NotFoundError('User not found');
    return user;
  }

  private async getOwned(username: string, caller: Caller): Promise<User> {
    const user = await this.get(username);
    if (user.id !== caller.id) throw new NotOwnerError();
    return user;
  }

  /** For names that are not in the path of the route, and for commands. */
  private invalidate(username: string, tx: Transaction): void {
    tx.afterCommit(() => this.cache.invalidate('users', cacheKey`user:${username}`));
  }

  // #region revoke-access-tokens
  /**
   * Revokes the tokens of older versions of a user in every service before the response is sent, also while the auth service is
   * unavailable.
   */
  private revokeAccessTokens({ id, version }: Pick<User, 'id' | 'version'>, tx: Transaction): void {
    tx.afterCommit(() => this.revocations.revoke(userRevocation(id, version, MAX_TOKEN_MS)));
  }
  // #endregion
}

const usernameTaken = () => new UnprocessableError('Username not available');
const emailTaken = () => new UnprocessableError('Email is already registered');

/** Maps a violated unique index to the error of the check: two parallel requests can both pass the check. */
async function translateTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violates(error, 'uq_users_email')) throw emailTaken();
    if (violates(error, 'uq_users_username')) throw usernameTaken();
    throw error;
  }
}
