import { Injectable } from '@nestjs/common';
import { LIMITED_ROUTES, rateLimitPath, type UsageRead } from '@repo/contracts';
import type { Caller } from '@repo/core';
import { RateLimiter, RateLimitRules } from '@repo/rate-limit';
import { RateLimitsService } from '../rate-limits/rate-limits.service.js';

/** The remaining calls of a caller under each limit. Reading them uses none. */
@Injectable()
export class UsageService {
  constructor(
    private readonly limits: RateLimitsService,
    private readonly limiter: RateLimiter,
    private readonly rules: RateLimitRules,
  ) {}

  async of(caller: Caller): Promise<UsageRead[]> {
    const tierLimits = await this.limits.listOfUser(caller.id);
    const paths = new Set([...LIMITED_ROUTES.map(rateLimitPath), ...tierLimits.map(({ path }) => path)]);
    return Promise.all(
      [...paths].map(async (path) => {
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
