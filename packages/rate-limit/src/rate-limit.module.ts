import { type DynamicModule, Global, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { ReplicaBus } from '@repo/messaging';
import { RATE_LIMIT_REDIS, RedisClient, redisConnection, RedisModule, type RedisSettings } from '@repo/redis';
import { EvictionCheck } from './eviction-check.js';
import { RateLimitGate } from './rate-limit-gate.js';
import { RateLimitRules } from './rate-limit-rules.js';
import type { RuleSource } from './rate-limit.types.js';
import { RateLimiter } from './rate-limiter.js';

export interface RateLimitSettings extends RedisSettings<'RATE_LIMIT'> {
  RATE_LIMIT_ENABLED: boolean;
  /** Both hold without a tier, without a rule, and for callers without a token. */
  DEFAULT_RATE_LIMIT_LIMIT: number;
  DEFAULT_RATE_LIMIT_PERIOD: number;
}

export interface RateLimitModuleOptions {
  /** A provider that knows the rules of the tiers; without one the default holds for everybody. */
  ruleSource?: Type<RuleSource>;
  /** What the rule source needs. */
  imports?: ModuleMetadata['imports'];
}

/** What the rules are asked of. */
const RULE_SOURCE = Symbol('RULE_SOURCE');

/** `@RateLimit()`, `RateLimiter` and `RateLimitRules` for a service. */
@Global()
@Module({})
export class RateLimitModule {
  static forRoot(
    settings: RateLimitSettings,
    { ruleSource, imports = [] }: RateLimitModuleOptions = {},
  ): DynamicModule {
    const connection = redisConnection('RATE_LIMIT', settings);
    const enabled = settings.RATE_LIMIT_ENABLED;
    const defaultRule = {
      limit: settings.DEFAULT_RATE_LIMIT_LIMIT,
      period: settings.DEFAULT_RATE_LIMIT_PERIOD,
    };
    return {
      module: RateLimitModule,
      // Switched off, it needs no Redis and dials none.
      imports: [...imports, ...(enabled ? [RedisModule.forRoot(RATE_LIMIT_REDIS, connection)] : [])],
      providers: [
        ...(enabled
          ? [
              {
                provide: EvictionCheck,
                useFactory: (client: RedisClient) => new EvictionCheck(client),
                inject: [RATE_LIMIT_REDIS],
              },
            ]
          : []),
        ...(ruleSource ? [{ provide: RULE_SOURCE, useClass: ruleSource }] : []),
        {
          provide: RateLimiter,
          useFactory: (client = new RedisClient(connection)) => new RateLimiter(client, enabled),
          inject: [{ token: RATE_LIMIT_REDIS, optional: true }],
        },
        {
          provide: RateLimitRules,
          useFactory: (bus: ReplicaBus, source?: RuleSource) => new RateLimitRules(bus, defaultRule, source),
          inject: [ReplicaBus, { token: RULE_SOURCE, optional: true }],
        },
        {
          provide: RateLimitGate,
          useFactory: (limiter: RateLimiter, rules: RateLimitRules) => new RateLimitGate(limiter, rules),
          inject: [RateLimiter, RateLimitRules],
        },
      ],
      exports: [RateLimiter, RateLimitRules, RateLimitGate],
    };
  }
}
