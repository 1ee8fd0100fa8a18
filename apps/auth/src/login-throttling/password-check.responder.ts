import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { PasswordCheck } from '@repo/auth';
import { type AuthUser, CheckPassword } from '@repo/contracts';
import { OnRequest } from '@repo/messaging';

@Controller()
export class PasswordCheckResponder {
  constructor(private readonly passwords: PasswordCheck) {}

  @OnRequest('auth.check-password')
  checkPassword(@Payload() credentials: CheckPassword): Promise<AuthUser | null> {
    return this.passwords.check(credentials);
  }
}
