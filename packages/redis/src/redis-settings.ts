import type { RedisOptions } from 'ioredis';

export type RedisConnection = Pick<RedisOptions, 'host' | 'port' | 'username' | 'password' | 'tls'>;

/** The uses of Redis; each may have its own server. */
type RedisUse = 'CACHE' | 'RATE_LIMIT' | 'QUEUE';

export type RedisSettings<U extends RedisUse> = Record<`REDIS_${U}_${'URL' | 'HOST'}`, string> &
  Record<`REDIS_${U}_PORT`, number> &
  Record<'REDIS_USERNAME' | 'REDIS_PASSWORD' | `REDIS_TLS_${'CA' | 'CERT' | 'KEY'}`, string>;

export function redisConnection<U extends RedisUse>(use: U, settings: RedisSettings<U>): RedisConnection {
  const text = settings[`REDIS_${use}_URL`];
  const url = text ? new URL(text) : undefined;
  // Each URL may have its own account.
  const [username, password] = url?.password
    ? [url.username, url.password].map(decodeURIComponent)
    : [settings.REDIS_USERNAME, settings.REDIS_PASSWORD];
  return {
    host: settings[`REDIS_${use}_HOST`],
    port: settings[`REDIS_${use}_PORT`],
    // Empty means none.
    username: username || undefined,
    password: password || undefined,
    ...(url?.protocol === 'rediss:' && { tls: tlsOptions(settings) }),
  };
}

function tlsOptions({ REDIS_TLS_CA, REDIS_TLS_CERT, REDIS_TLS_KEY }: RedisSettings<never>) {
  return {
    ca: REDIS_TLS_CA || undefined,
    cert: REDIS_TLS_CERT || undefined,
    key: REDIS_TLS_KEY || undefined,
  };
}
