import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { RedisClient } from '@repo/redis';
import { RATE_LIMIT_REDIS } from './rate-limiter.js';

/** Warns when the Redis of the rate limits evicts keys: an evicted log forgets the calls of its caller. */
@Injectable()
export class EvictionCheck implements OnModuleInit {
  private readonly logger = new Logger(EvictionCheck.name);

  constructor(@Inject(RATE_LIMIT_REDIS) private readonly redis: RedisClient) {}

  onModuleInit(): void {
    this.redis.onRecovered(() => void this.check());
    void this.check();
  }

  private async check(): Promise<void> {
    const info = await this.redis.run((redis) => redis.info('memory')).catch(() => '');
    const [, policy = ''] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
    const bounded = !/^maxmemory:0\s/m.test(info);
    if (bounded && policy && policy !== 'noeviction') {
      this.logger.warn(
        `The Redis of the rate limits evicts keys when it is full (maxmemory-policy ${policy}), so callers exceed ` +
          'their limits: set maxmemory-policy noeviction, or use a Redis of its own (REDIS_RATE_LIMIT_HOST)',
      );
    }
  }
}
