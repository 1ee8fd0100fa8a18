import { Injectable } from '@nestjs/common';
import type { AuthUser } from '@repo/contracts';
import { Database } from '@repo/runtime/database';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { toAuthUser } from './user.read.js';
import { UsersRepository } from './users.repository.js';

/** Passwords stay here: the auth service asks whether one is right. */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: PasswordHasher,
    private readonly database: Database,
  ) {}

  /** Null for an unknown name and for a wrong password alike, after the same time. */
  async verify(login: string, password: string): Promise<AuthUser | null> {
    const user = await this.users.findByLogin(login);
    const right = await this.passwords.verify(user?.passwordHash, password);
    return user && right ? toAuthUser(user) : null;
  }

  /** @returns false when the current password is wrong */
  async change(change: {
    userId: number;
    currentPassword: string;
    newPassword: string;
    keepSessionId: string | null;
  }): Promise<boolean> {
    const user = await this.users.findById(change.userId);
    if (!(await this.passwords.verify(user?.passwordHash, change.currentPassword)) || !user) return false;
    const passwordHash = await this.passwords.hash(change.newPassword);
    await this.database.transaction(async (tx) => {
      await this.users.update(user.id, { passwordHash }, tx);
      await tx.emit('user.password-changed', { userId: user.id, keepSessionId: change.keepSessionId });
    });
    return true;
  }
}
