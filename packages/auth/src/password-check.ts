import { Injectable } from '@nestjs/common';
import type { AuthUser, CheckPassword } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Checks a username or email address and a password, with the throttling of a login. */
export abstract class PasswordCheck {
  /**
   * @returns null when they are wrong
   * @throws TooManyRequestsError after too many failed attempts
   */
  abstract check(credentials: CheckPassword): Promise<AuthUser | null>;
}

/** Requests the check from the auth service. */
@Injectable()
export class RemotePasswordCheck extends PasswordCheck {
  constructor(private readonly requests: Requests) {
    super();
  }

  override check(credentials: CheckPassword): Promise<AuthUser | null> {
    return this.requests.request('auth.check-password', credentials, { timeoutMs: 4_000 });
  }
}
