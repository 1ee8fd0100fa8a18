import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RedisClient } from '@repo/redis';
import { RateLimiter } from './rate-limiter.js';

/** A client of a server of the suite, which has the configuration of `npm start` and Docker. */
const clientOf = (use: 'CACHE' | 'RATE_LIMIT') =>
  new RedisClient({
    host: process.env[`REDIS_${use}_HOST`]!,
    port: Number(process.env[`REDIS_${use}_PORT`]),
  });

let cache: RedisClient;
let limits: RedisClient;

beforeAll(async () => {
  Logger.overrideLogger(false);
  cache = clientOf('CACHE');
  limits = clientOf('RATE_LIMIT');
  await Promise.all([cache.onModuleInit(), limits.onModuleInit()]);
});

afterAll(() => Promise.all([cache.onApplicationShutdown(), limits.onApplicationShutdown()]));

it('limits stay exact while the cache is full and evicts keys', async () => {
  const call = { caller: `ip:${randomUUID()}`, path: 'tasks', rule: { limit: 10, period: 3_600 } };
  for (let n = 0; n < 10; n++) expect((await new RateLimiter(limits).admit(call)).allowed).toBe(true);

  const entry = Buffer.alloc(1_024 * 1_024);
  for (let n = 0; n < 80; n++) await cache.run((redis) => redis.set(`fill:${n}`, entry, 'EX', 30));

  const stats = await cache.run((redis) => redis.info('stats'));
  expect(Number(/^evicted_keys:(\d+)/m.exec(stats)?.[1])).toBeGreaterThan(0);
  expect((await new RateLimiter(limits).admit(call)).allowed).toBe(false);
});
