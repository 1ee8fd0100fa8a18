import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { RedisClient } from '@repo/redis';

/** Warns when the Redis of the limits would rather forget a counter than refuse a write: its caller begins anew. */
export class EvictionCheck implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(EvictionCheck.name);
  private stopListening?: () => void;

  constructor(private readonly redis: RedisClient) {}

  onModuleInit(): void {
    this.stopListening = this.redis.onRecovered(() => void this.check());
    void this.check();
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
  }

  private async check(): Promise<void> {
    const info = await this.redis.run((redis) => redis.info('memory')).catch(() => '');
    const [, policy = ''] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
    const bounded = !/^maxmemory:0\s/m.test(info);
    if (bounded && policy && policy !== 'noeviction') {
      this.logger.warn(
        `The Redis of the rate limits evicts keys when it is full (${policy}), and with them calls that were counted: ` +
          'give the limits a Redis with maxmemory-policy noeviction',
      );
    }
  }
}
