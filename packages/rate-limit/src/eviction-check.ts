import { Logger } from '@nestjs/common';
import type { RedisClient } from '@repo/redis';

/**
 * Warns when the Redis of the rate limits evicts keys: an evicted log forgets the calls of its caller. Checks now and
 * each time the server becomes available.
 */
export function warnOfEviction(redis: RedisClient): void {
  redis.onRecovered(() => void check(redis));
  void check(redis);
}

async function check(redis: RedisClient): Promise<void> {
  const info = await redis.run((connection) => connection.info('memory')).catch(() => '');
  const [, policy = ''] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  const bounded = !/^maxmemory:0\s/m.test(info);
  if (bounded && policy && policy !== 'noeviction') {
    new Logger('RateLimit').warn(
      `The Redis of the rate limits evicts keys when it is full (maxmemory-policy ${policy}), so callers exceed ` +
        'their limits: set maxmemory-policy noeviction, or use a Redis of its own (REDIS_RATE_LIMIT_HOST)',
    );
  }
}
