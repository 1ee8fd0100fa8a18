import { Injectable } from '@nestjs/common';
import type { UsageRead } from '@repo/contracts';
import type { Caller } from '@repo/core';
import { RateLimiter, RateLimitRules } from '@repo/rate-limit';
import { LimitedRoutes } from '../rate-limits/limited-routes.js';
import { RateLimitsService } from '../rate-limits/rate-limits.service.js';

/** The remaining calls of a caller on each limited route. Reading them uses none. */
@Injectable()
export class UsageService {
  constructor(
    private readonly routes: LimitedRoutes,
    private readonly limits: RateLimitsService,
    private readonly limiter: RateLimiter,
    private readonly rules: RateLimitRules,
  ) {}

  async of(caller: Caller): Promise<UsageRead[]> {
    const tierLimits = await this.limits.listOfUser(caller.id);
    return Promise.all(
      this.routes.paths.map(async (path) => {
        const rule =
          tierLimits.find((limit) => limit.path === path) ?? (await this.rules.ruleFor(undefined, path));
        const { limit, period } = rule;
        const { remaining, resetSeconds } = await this.limiter.check({
          caller: `user:${caller.id}`,
          path,
          rule: { limit, period },
        });
        return { path, limit, period, remaining, reset: Math.ceil(resetSeconds) };
      }),
    );
  }
}
