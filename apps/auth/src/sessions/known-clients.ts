import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RATE_LIMIT_REDIS, type RedisClient } from '@repo/redis';

const REMEMBERED_SECONDS = 30 * 86_400;

/** Where accounts were logged in to before. Forgotten while Redis is away: then nobody is known. */
@Injectable()
export class KnownClients {
  constructor(@Inject(RATE_LIMIT_REDIS) private readonly redis: RedisClient) {}

  async has(account: string, network: string): Promise<boolean> {
    const found = await this.redis.run((redis) => redis.exists(keyOf(account, network))).catch(() => 0);
    return found === 1;
  }

  async remember(account: string, network: string): Promise<void> {
    await this.redis
      .run((redis) => redis.set(keyOf(account, network), '1', 'EX', REMEMBERED_SECONDS))
      .catch(() => undefined);
  }
}

/** A digest: names and addresses are nobody's business who looks into Redis. */
function keyOf(account: string, network: string): string {
  return `login:known:${createHash('sha256').update(`${account} ${network}`).digest('base64url')}`;
}
