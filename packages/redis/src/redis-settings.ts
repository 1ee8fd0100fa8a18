import type { RedisConnection } from './redis-client.js';

/** The uses of Redis; each may have its own server. */
export type RedisUse = 'CACHE' | 'RATE_LIMIT' | 'QUEUE';

/** The settings of one use. */
export type RedisSettings<U extends RedisUse> = Record<`REDIS_${U}_HOST`, string> &
  Record<`REDIS_${U}_PORT`, number> & { REDIS_USERNAME: string; REDIS_PASSWORD: string };

/** `redisConnection('CACHE', config)` */
export function redisConnection<U extends RedisUse>(use: U, settings: RedisSettings<U>): RedisConnection {
  return {
    host: settings[`REDIS_${use}_HOST`],
    port: settings[`REDIS_${use}_PORT`],
    username: settings.REDIS_USERNAME,
    password: settings.REDIS_PASSWORD,
  };
}
