import { Injectable } from '@nestjs/common';
import type { ChangePassword, UserSnapshot } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Hashing a password takes longer than other requests, most of all on a busy machine. */
const HASHING_TIMEOUT_MS = 4_000;

/** Requests to the users service. */
@Injectable()
export class UsersClient {
  constructor(private readonly requests: Requests) {}

  /** @returns null when the name or the password is wrong */
  verifyCredentials(login: string, password: string): Promise<UserSnapshot | null> {
    const options = { timeoutMs: HASHING_TIMEOUT_MS };
    return this.requests.request('users.verify-credentials', { login, password }, options);
  }

  find(id: number): Promise<UserSnapshot | null> {
    return this.requests.request('users.get-user', { id });
  }

  /** @returns false when the current password is wrong */
  async changePassword(change: ChangePassword): Promise<boolean> {
    const options = { timeoutMs: HASHING_TIMEOUT_MS };
    return (await this.requests.request('users.change-password', change, options)).changed;
  }
}
