import { StartError } from '@repo/core';
import { Redis } from 'ioredis';
import type { RedisConnection } from './redis-settings.js';

const TIMEOUT_MS = 1_000;
/** Errors of a server that does not accept the account. */
const REFUSED = /^(NOAUTH|WRONGPASS)\b/;

/**
 * Tries the account of this process. A server that is unavailable may come later, one that refuses the account does so for ever.
 *
 * @throws StartError when the server refuses the account
 */
export async function expectAccount(connection: RedisConnection): Promise<void> {
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
  redis.disconnect();
  if (refusal)
    throw new StartError(
      `Redis at ${connection.host}:${connection.port} refused the account (${refusal}): correct REDIS_USERNAME and REDIS_PASSWORD.`,
    );
}
