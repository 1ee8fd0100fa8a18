import { Module } from '@nestjs/common';
import { TiersModule } from '../tiers/tiers.module.js';
import { LimitedRoutes } from './limited-routes.js';
import { RateLimitsController } from './rate-limits.controller.js';
import { RateLimitsRepository } from './rate-limits.repository.js';
import { RateLimitsService } from './rate-limits.service.js';

@Module({
  imports: [TiersModule],
  controllers: [RateLimitsController],
  providers: [RateLimitsService, RateLimitsRepository, LimitedRoutes],
  exports: [RateLimitsService, LimitedRoutes],
})
export class RateLimitsModule {}
