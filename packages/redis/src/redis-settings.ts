import type { RedisOptions } from 'ioredis';

export type RedisConnection = Pick<RedisOptions, 'host' | 'port' | 'username' | 'password'>;

/** The uses of Redis; each may have its own server. */
type RedisUse = 'CACHE' | 'RATE_LIMIT' | 'QUEUE';

export type RedisSettings<U extends RedisUse> = Record<`REDIS_${U}_HOST`, string> &
  Record<`REDIS_${U}_PORT`, number> & { REDIS_USERNAME: string; REDIS_PASSWORD: string };

export function redisConnection<U extends RedisUse>(use: U, settings: RedisSettings<U>): RedisConnection {
  return {
    host: settings[`REDIS_${use}_HOST`],
    port: settings[`REDIS_${use}_PORT`],
    // An empty name or password means none.
    username: settings.REDIS_USERNAME || undefined,
    password: settings.REDIS_PASSWORD || undefined,
  };
}
