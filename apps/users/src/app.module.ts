import { type DynamicModule, Module } from '@nestjs/common';
import { CacheModule } from '@repo/cache';
import { DatabaseModule } from '@repo/database';
import { RateLimitModule } from '@repo/rate-limit';
import { ServiceModule } from '@repo/service';
import type { UsersConfig } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { RateLimitsModule } from './rate-limits/rate-limits.module.js';
import { TiersModule } from './tiers/tiers.module.js';
import { UsersModule } from './users/users.module.js';

@Module({})
export class AppModule {
  static forRoot(config: UsersConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot(config),
        DatabaseModule.forRoot(dataSource(config)),
        CacheModule.forRoot(config),
        RateLimitModule.forRoot(config),
        UsersModule,
        TiersModule,
        RateLimitsModule,
      ],
    };
  }
}
