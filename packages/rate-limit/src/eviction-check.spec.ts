import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@repo/core/testing';
import { RedisClient } from '@repo/redis';
import { RedisServer } from '@repo/redis/testing';
import { warnOfEviction } from './eviction-check.js';

describe('warnOfEviction', () => {
  let server: RedisServer;
  let redis: RedisClient;
  let warnings: string[];

  beforeAll(async () => {
    server = await RedisServer.start('--maxmemory', '64mb');
  });

  afterAll(() => server.stop());

  beforeEach(async () => {
    warnings = [];
    jest.spyOn(Logger.prototype, 'log').mockReturnValue();
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void warnings.push(String(text)));
    redis = new RedisClient({ host: server.host, port: server.port });
    await redis.onModuleInit();
  });

  afterEach(async () => {
    await redis.onApplicationShutdown();
    jest.restoreAllMocks();
  });

  async function checkWith(policy: string): Promise<void> {
    await redis.run((connection) => connection.config('SET', 'maxmemory-policy', policy));
    const run = jest.spyOn(redis, 'run');
    warnOfEviction(redis);
    await run.mock.results[0]!.value;
  }

  it('warns when a full Redis evicts keys', async () => {
    await checkWith('volatile-lru');

    await waitFor(async () => warnings.length > 0);
    expect(warnings).toEqual([expect.stringContaining('volatile-lru')]);
  });

  it('does not warn when a full Redis refuses writes', async () => {
    await checkWith('noeviction');

    expect(warnings).toEqual([]);
  });
});
