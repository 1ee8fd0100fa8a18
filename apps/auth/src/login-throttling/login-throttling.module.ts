import { Module } from '@nestjs/common';
import { PasswordCheck } from '@repo/auth';
import { UsersModule } from '../users/users.module.js';
import { KnownNetworks } from './known-networks.service.js';
import { LoginThrottle } from './login-throttle.service.js';
import { PasswordCheckResponder } from './password-check.responder.js';
import { ThrottledPasswordCheck } from './throttled-password-check.service.js';

@Module({
  imports: [UsersModule],
  controllers: [PasswordCheckResponder],
  providers: [KnownNetworks, LoginThrottle, { provide: PasswordCheck, useClass: ThrottledPasswordCheck }],
  exports: [LoginThrottle, PasswordCheck],
})
export class LoginThrottlingModule {}
