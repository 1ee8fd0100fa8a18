import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { KnownNetworks } from './known-networks.service.js';
import { LoginThrottle } from './login-throttle.service.js';
import { PasswordCheckResponder } from './password-check.responder.js';

@Module({
  imports: [UsersModule],
  controllers: [PasswordCheckResponder],
  providers: [KnownNetworks, LoginThrottle],
  exports: [LoginThrottle],
})
export class LoginThrottlingModule {}
