import { neverUsedBefore, type RedisClient, RedisScript } from '@repo/redis';
import type { RateLimitRule, RateLimitVerdict } from './rate-limit.types.js';
import { retentionOf } from './retention.js';

/*
 * The log of a caller on a route: one member per admitted unit, scored with the server's time in microseconds.
 */
const ADMIT = new RedisScript(`
  -- KEYS: log   ARGV: limit, period in µs, cost, unused text, retention in µs, members kept
  local limit, period, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local function text(number) return string.format('%.0f', number) end

  local stored = redis.call('ZCARD', KEYS[1])
  local used = redis.call('ZCOUNT', KEYS[1], '(' .. text(now - period), '+inf')
  local allowed = used + cost <= limit

  if allowed and cost > 0 then
    for unit = 1, cost do
      redis.call('ZADD', KEYS[1], text(now), ARGV[4] .. ':' .. unit)
    end
    used, stored = used + cost, stored + cost
    local expired = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now - ARGV[5]))
    local surplus = redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[6] - 1)
    stored = stored - expired - surplus
    redis.call('PEXPIRE', KEYS[1], text(ARGV[5] / 1000))
  end

  -- µs until the n-th oldest unit of the running period leaves it
  local function leaves(n)
    local unit = redis.call('ZRANGE', KEYS[1], stored - used + n - 1, stored - used + n - 1, 'WITHSCORES')
    return unit[2] and unit[2] + period - now or 0
  end
  local reset = used > 0 and leaves(1) or 0
  local wait = 0
  if not allowed then wait = cost > limit and period or leaves(used + cost - limit) end
  return { allowed and 1 or 0, used, reset, wait }
`);

/** The exact sliding log that all replicas share. */
export class SlidingLog {
  constructor(private readonly redis: RedisClient) {}

  /** Decides on a call and, in the same step, counts it when it is admitted. A cost of 0 only looks. */
  async admit(key: string, rule: RateLimitRule, cost: number): Promise<RateLimitVerdict> {
    const kept = retentionOf(rule);
    const [allowed, used, reset, wait] = await this.redis.run((redis) =>
      ADMIT.run<[number, number, number, number]>(
        redis,
        [key],
        [rule.limit, rule.period * 1e6, cost, neverUsedBefore(), kept.seconds * 1e6, kept.units],
      ),
    );
    return {
      allowed: allowed === 1,
      limit: rule.limit,
      remaining: Math.max(0, rule.limit - used),
      resetSeconds: reset / 1e6,
      retryAfterSeconds: wait / 1e6,
    };
  }
}
