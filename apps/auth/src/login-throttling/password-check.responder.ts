import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { type AuthUser, CheckPassword } from '@repo/contracts';
import { OnRequest } from '@repo/messaging';
import { UsersClient } from '../users/users.client.js';
import { LoginThrottle } from './login-throttle.service.js';

/** Checks a name and a password without a login, with the same limits on failed attempts. */
@Controller()
export class PasswordCheckResponder {
  constructor(
    private readonly users: UsersClient,
    private readonly throttle: LoginThrottle,
  ) {}

  @OnRequest('auth.check-password')
  checkPassword(@Payload() { login, password, address }: CheckPassword): Promise<AuthUser | null> {
    return this.throttle.attempt(login, address, () => this.users.verifyCredentials(login, password));
  }
}
