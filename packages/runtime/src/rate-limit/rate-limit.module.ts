import { type DynamicModule, Global, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { ReplicaBus } from '../messaging/index.js';
import { RATE_LIMIT_REDIS, RedisClient, type RedisConnection, RedisModule } from '../redis/index.js';
import { RateLimitGate } from './rate-limit-gate.js';
import { RateLimitRules } from './rate-limit-rules.js';
import type { RateLimitRule, RuleSource } from './rate-limit.types.js';
import { RateLimiter } from './rate-limiter.js';

export interface RateLimitModuleOptions {
  redis: RedisConnection;
  enabled?: boolean;
  /** Holds without a tier, without a rule, and for callers without a token. */
  defaultRule: RateLimitRule;
  /** A provider that knows the rules of the tiers; without one the default holds for everybody. */
  ruleSource?: Type<RuleSource>;
  /** What the rule source needs. */
  imports?: ModuleMetadata['imports'];
}

/** What the rules are asked of. */
const RULE_SOURCE = Symbol('RULE_SOURCE');

/** `@RateLimit()`, `RateLimiter` and `RateLimitRules` for a service, on the Redis that is named here. */
@Global()
@Module({})
export class RateLimitModule {
  static forRoot({ redis, enabled = true, imports = [], ...options }: RateLimitModuleOptions): DynamicModule {
    const { defaultRule, ruleSource } = options;
    return {
      module: RateLimitModule,
      // Switched off, it needs no Redis and dials none.
      imports: [...imports, ...(enabled ? [RedisModule.forRoot(RATE_LIMIT_REDIS, redis)] : [])],
      providers: [
        ...(ruleSource ? [{ provide: RULE_SOURCE, useClass: ruleSource }] : []),
        {
          provide: RateLimiter,
          useFactory: (client = new RedisClient(redis)) => new RateLimiter(client, enabled),
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
