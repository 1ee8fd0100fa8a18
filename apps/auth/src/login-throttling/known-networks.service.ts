import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RATE_LIMIT_REDIS } from '@repo/rate-limit';
import type { RedisClient } from '@repo/redis';

const KNOWN_FOR_SECONDS = 30 * 86_400;

/** The networks from which an account was logged in to. While Redis is unavailable no network is known. */
@Injectable()
export class KnownNetworks {
  constructor(@Inject(RATE_LIMIT_REDIS) private readonly redis: RedisClient) {}

  async has(account: string, network: string): Promise<boolean> {
    const found = await this.redis.run((redis) => redis.exists(keyOf(account, network))).catch(() => 0);
    return found === 1;
  }

  async add(account: string, network: string): Promise<void> {
    await this.redis
      .run((redis) => redis.set(keyOf(account, network), '1', 'EX', KNOWN_FOR_SECONDS))
      .catch(() => undefined);
  }
}

/** The key is a digest, so that Redis holds no names and no addresses. */
function keyOf(account: string, network: string): string {
  return `login:known:${createHash('sha256').update(`${account} ${network}`).digest('base64url')}`;
}
