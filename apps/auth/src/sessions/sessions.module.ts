import { Module } from '@nestjs/common';
import { LoginThrottlingModule } from '../login-throttling/login-throttling.module.js';
import { RevocationsModule } from '../revocations/revocations.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { RefreshTokenTransport } from './refresh-token.transport.js';
import { SameSiteGuard } from './same-site.guard.js';
import { SessionsConsumer } from './sessions.consumer.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [LoginThrottlingModule, RevocationsModule, TokensModule, UsersModule],
  controllers: [SessionsController, SessionsConsumer],
  providers: [SessionsService, SessionsRepository, RefreshTokenTransport, SameSiteGuard],
})
export class SessionsModule {}
