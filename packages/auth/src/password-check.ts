import { Injectable } from '@nestjs/common';
import type { AuthUser, CheckPassword } from '@repo/contracts';
import { Requests } from '@repo/messaging';

/** Tells whose name and password these are, as slowly as a login does to whoever guesses. */
export abstract class PasswordCheck {
  /**
   * @returns null when they are wrong
   * @throws TooManyRequestsError when there were too many failures
   */
  abstract check(credentials: CheckPassword): Promise<AuthUser | null>;
}

/** Asks the auth service. */
@Injectable()
export class RemotePasswordCheck extends PasswordCheck {
  constructor(private readonly requests: Requests) {
    super();
  }

  override async check(credentials: CheckPassword): Promise<AuthUser | null> {
    const { user } = await this.requests.request('auth.check-password', credentials, { timeoutMs: 4_000 });
    return user;
  }
}
