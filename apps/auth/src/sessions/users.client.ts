import { Injectable } from '@nestjs/common';
import type { ChangePassword, UserSnapshot } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** What this service asks of the users service. */
@Injectable()
export class UsersClient {
  constructor(private readonly requests: Requests) {}

  /** Null when name or password is wrong. */
  async verifyCredentials(login: string, password: string): Promise<UserSnapshot | null> {
    return (
      await this.requests.request('users.verify-credentials', { login, password }, { timeoutMs: 4_000 })
    ).user;
  }

  find(id: number): Promise<UserSnapshot | null> {
    return this.requests.request('users.get-user', { id });
  }

  /** @returns false when the current password is wrong */
  async changePassword(change: ChangePassword): Promise<boolean> {
    return (await this.requests.request('users.change-password', change, { timeoutMs: 4_000 })).changed;
  }
}
