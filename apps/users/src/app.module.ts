import { Module } from '@nestjs/common';
import { RuntimeModule } from '@repo/runtime/bootstrap';
import { DatabaseModule } from '@repo/runtime/database';
import { RateLimitModule } from '@repo/runtime/rate-limit';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { RateLimitsModule } from './rate-limits/rate-limits.module.js';
import { TiersModule } from './tiers/tiers.module.js';
import { UsersModule } from './users/users.module.js';

@Module({
  imports: [
    RuntimeModule.forRoot('users', config),
    DatabaseModule.forRoot(dataSource(config)),
    RateLimitModule.forRoot(config),
    UsersModule,
    TiersModule,
    RateLimitsModule,
  ],
})
export class AppModule {}
