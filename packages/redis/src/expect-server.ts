import { StartError } from '@repo/core';
import { Redis } from 'ioredis';
import type { RedisConnection } from './redis-settings.js';

const TIMEOUT_MS = 1_000;
/** Errors of a server that does not accept the account. */
const REFUSED = /^(NOAUTH|WRONGPASS)\b/;

/**
 * Tries the server with the account of this process. One that is unavailable may come later.
 *
 * @throws StartError when the server refuses the account, or is a cluster or a Sentinel: it would do so for ever
 */
export async function expectServer(connection: RedisConnection): Promise<void> {
  const redis = new Redis({
    ...connection,
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    disconnectTimeout: 100,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let refusal: string | undefined;
  const watch = ({ message }: Error) => {
    if (REFUSED.test(message)) refusal = message;
  };
  redis.on('error', watch);
  await redis.connect().catch(watch);
  const info = redis.status === 'ready' ? await redis.info('server').catch(() => '') : '';
  redis.disconnect();
  const place = `Redis at ${connection.host}:${connection.port}`;
  if (refusal)
    throw new StartError(
      `${place} refused the account (${refusal}): correct REDIS_USERNAME and REDIS_PASSWORD.`,
    );
  const mode = /^redis_mode:(\w+)/m.exec(info)?.[1] ?? 'standalone';
  if (mode !== 'standalone') throw new StartError(`${place} runs in the mode ${mode}: use a single server.`);
}
