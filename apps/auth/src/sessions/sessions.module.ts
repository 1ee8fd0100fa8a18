import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PasswordCheck } from '@repo/auth';
import { KeysModule } from '../keys/keys.module.js';
import { RevocationsModule } from '../revocations/revocations.module.js';
import { KnownClients } from './known-clients.js';
import { LoginThrottle } from './login-throttle.js';
import { SameSiteGuard } from './same-site.guard.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsConsumer } from './sessions.consumer.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { ThrottledPasswordCheck } from './throttled-password-check.js';
import { TokensService } from './tokens.service.js';
import { UsersClient } from './users.client.js';

@Module({
  imports: [JwtModule.register({}), KeysModule, RevocationsModule],
  controllers: [SessionsController, SessionsConsumer],
  providers: [
    SessionsService,
    SessionsRepository,
    TokensService,
    UsersClient,
    KnownClients,
    LoginThrottle,
    SameSiteGuard,
    { provide: PasswordCheck, useClass: ThrottledPasswordCheck },
  ],
  exports: [PasswordCheck],
})
export class SessionsModule {}
