import { Injectable } from '@nestjs/common';
import type { ChangePassword, UserSnapshot } from '@repo/contracts';
import { Database } from '@repo/database';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { toSnapshot } from './user.read.js';
import { UsersRepository } from './users.repository.js';

/** Verifies and changes passwords. Hashes never leave this service: the auth service sends it the password. */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: PasswordHasher,
    private readonly database: Database,
  ) {}

  /** @returns null for an unknown name and for a wrong password, after the same time */
  async verify(login: string, password: string): Promise<UserSnapshot | null> {
    const user = await this.users.findByLogin(login);
    const right = await this.passwords.verify(user?.passwordHash, password);
    return user && right ? toSnapshot(user) : null;
  }

  /** @returns false when the current password is wrong */
  async change({ userId, currentPassword, newPassword, keepSessionId }: ChangePassword): Promise<boolean> {
    const user = await this.users.findById(userId);
    if (!(await this.passwords.verify(user?.passwordHash, currentPassword)) || !user) return false;
    const newHash = await this.passwords.hash(newPassword);
    return this.database.transaction(async (tx) => {
      const isStillCurrent = await this.users.replacePassword(user, newHash, tx);
      if (isStillCurrent) await tx.emit('user.password-changed', { userId, keepSessionId });
      return isStillCurrent;
    });
  }
}
