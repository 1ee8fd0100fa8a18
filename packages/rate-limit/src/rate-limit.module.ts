import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { RedisClient, redisConnection, type RedisSettings } from '@repo/redis';
import { warnOfEviction } from './eviction-check.js';
import { DEFAULT_RULE, RateLimitRules, RuleSource } from './rate-limit-rules.js';
import { RATE_LIMIT_REDIS, RateLimiter } from './rate-limiter.js';
import { RefusalIndex } from './refusal-index.js';

interface RateLimitSettings extends RedisSettings<'RATE_LIMIT'> {
  /** A disabled limiter admits every call and does not connect to Redis. */
  RATE_LIMIT_ENABLED: boolean;
  DEFAULT_RATE_LIMIT_LIMIT: number;
  DEFAULT_RATE_LIMIT_PERIOD: number;
}

@Module({})
export class RateLimitModule {
  /** @param options.ruleSource without it the default rule applies to all callers */
  static forRoot(
    settings: RateLimitSettings,
    { ruleSource }: { ruleSource?: Type<RuleSource> } = {},
  ): DynamicModule {
    const enabled = settings.RATE_LIMIT_ENABLED;
    const defaultRule = {
      limit: settings.DEFAULT_RATE_LIMIT_LIMIT,
      period: settings.DEFAULT_RATE_LIMIT_PERIOD,
    };
    return {
      module: RateLimitModule,
      global: true,
      providers: [
        { provide: RATE_LIMIT_REDIS, useFactory: () => (enabled ? connect(settings) : undefined) },
        ...(ruleSource ? [{ provide: RuleSource, useClass: ruleSource }] : []),
        { provide: DEFAULT_RULE, useValue: defaultRule },
        RateLimiter,
        RateLimitRules,
        RefusalIndex,
      ],
      exports: [RATE_LIMIT_REDIS, RateLimiter, RateLimitRules, RefusalIndex],
    };
  }
}

function connect(settings: RateLimitSettings): RedisClient {
  const redis = new RedisClient(redisConnection('RATE_LIMIT', settings));
  warnOfEviction(redis);
  return redis;
}
