import { Module } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { RateLimitsModule } from '../rate-limits/rate-limits.module.js';
import { TiersModule } from '../tiers/tiers.module.js';
import { CredentialsService } from './credentials.service.js';
import { SignUpPolicy } from './sign-up-policy.js';
import { UsageService } from './usage.service.js';
import { UsersController } from './users.controller.js';
import { UsersResponder } from './users.responder.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [TiersModule, RateLimitsModule],
  controllers: [UsersController, UsersResponder],
  providers: [UsersService, SignUpPolicy, CredentialsService, UsageService, UsersRepository, PasswordHasher],
})
export class UsersModule {}
