import { randomUUID } from 'node:crypto';
import type { RateLimitRule } from '@repo/contracts';
import type { RedisClient } from '@repo/redis';
import type { Result } from 'ioredis';
import type { RateLimitResult } from './rate-limiter.js';

const MIN_RETENTION_SECONDS = 3_600;
const MIN_RETENTION_CALLS = 1_000;

/** The log of a caller on a route: a sorted set with one member per admitted call, scored with Redis's time in µs. */
const LIMIT = `
  -- KEYS: log   ARGV: limit, period in µs, whether to record the call, unique member, retention in µs, members kept
  local limit, period, record = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local function text(number) return string.format('%.0f', number) end

  local stored = redis.call('ZCARD', KEYS[1])
  local used = redis.call('ZCOUNT', KEYS[1], '(' .. text(now - period), '+inf')
  local allowed = used < limit

  if allowed and record then
    redis.call('ZADD', KEYS[1], text(now), ARGV[4])
    used = used + 1
    local expired = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now - ARGV[5]))
    local surplus = redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[6] - 1)
    stored = stored + 1 - expired - surplus
    redis.call('PEXPIRE', KEYS[1], text(ARGV[5] / 1000))
  end

  -- µs until the n-th oldest call of the current period leaves it
  local function leaves(n)
    local call = redis.call('ZRANGE', KEYS[1], stored - used + n - 1, stored - used + n - 1, 'WITHSCORES')
    return call[2] and call[2] + period - now or 0
  end
  local reset = used > 0 and leaves(1) or 0
  local wait = allowed and 0 or leaves(used + 1 - limit)
  return { allowed and 1 or 0, used, reset, wait }
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    limitCalls(
      keyCount: number,
      ...keysAndArguments: (string | number)[]
    ): Result<[allowed: number, used: number, reset: number, wait: number], Context>;
  }
}

/** The sliding log in Redis, which all replicas share. */
export class SlidingLog {
  constructor(private readonly redis: RedisClient) {
    redis.defineCommand('limitCalls', LIMIT);
  }

  /** Decides on a call. `record`: in the same step, records it if it is admitted. */
  async decide(key: string, rule: RateLimitRule, { record }: { record: boolean }): Promise<RateLimitResult> {
    const { limit, period } = rule;
    const { seconds, calls } = retentionOf(rule);
    const [allowed, used, reset, wait] = await this.redis.run((redis) =>
      redis.limitCalls(1, key, limit, period * 1e6, Number(record), randomUUID(), seconds * 1e6, calls),
    );
    return {
      allowed: allowed === 1,
      remaining: Math.max(0, limit - used),
      resetSeconds: reset / 1e6,
      retryAfterSeconds: wait / 1e6,
    };
  }
}

/** Time and number of calls that a log keeps. More than its rule needs, for a rule that is changed to a longer period. */
export function retentionOf({ limit, period }: RateLimitRule): { seconds: number; calls: number } {
  return { seconds: Math.max(period, MIN_RETENTION_SECONDS), calls: Math.max(limit, MIN_RETENTION_CALLS) };
}
