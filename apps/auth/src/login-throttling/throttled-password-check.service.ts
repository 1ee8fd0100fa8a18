import { Injectable } from '@nestjs/common';
import { PasswordCheck } from '@repo/auth';
import type { AuthUser, CheckPassword } from '@repo/contracts';
import { UsersClient } from '../users/users.client.js';
import { LoginThrottle } from './login-throttle.service.js';

/** Checks a name and a password without a login, with the same limits on failed attempts. */
@Injectable()
export class ThrottledPasswordCheck extends PasswordCheck {
  constructor(
    private readonly users: UsersClient,
    private readonly throttle: LoginThrottle,
  ) {
    super();
  }

  override check({ login, password, address }: CheckPassword): Promise<AuthUser | null> {
    return this.throttle.attempt(login, address, () => this.users.verifyCredentials(login, password));
  }
}
