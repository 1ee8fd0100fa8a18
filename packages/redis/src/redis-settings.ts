import type { RedisConnection } from './redis-client.js';

/** What a service uses a Redis for; each may be a server of its own. */
export type RedisUse = 'CACHE' | 'RATE_LIMIT' | 'QUEUE';

/** Where that Redis is, as the settings of a service say it. */
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
