import { Module } from '@nestjs/common';
import { DatabaseModule } from '@repo/database';
import { RateLimitModule } from '@repo/rate-limit';
import { ServiceModule } from '@repo/service';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { RateLimitsModule } from './rate-limits/rate-limits.module.js';
import { TiersModule } from './tiers/tiers.module.js';
import { UsersModule } from './users/users.module.js';

@Module({
  imports: [
    ServiceModule.forRoot('users', config),
    DatabaseModule.forRoot(dataSource(config)),
    RateLimitModule.forRoot(config),
    UsersModule,
    TiersModule,
    RateLimitsModule,
  ],
})
export class AppModule {}
