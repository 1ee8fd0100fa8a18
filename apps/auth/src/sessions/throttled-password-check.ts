import { Injectable } from '@nestjs/common';
import { PasswordCheck } from '@repo/auth';
import type { AuthUser, CheckPassword } from '@repo/contracts';
import { LoginThrottle } from './login-throttle.js';
import { UsersClient } from './users.client.js';

/** Names and passwords outside of a login, within the same limits on guessing. */
@Injectable()
export class ThrottledPasswordCheck extends PasswordCheck {
  constructor(
    private readonly users: UsersClient,
    private readonly throttle: LoginThrottle,
  ) {
    super();
  }

  override check({ login, password, address }: CheckPassword): Promise<AuthUser | null> {
    return this.throttle.guess(login, address, () => this.users.verifyCredentials(login, password));
  }
}
