import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Cache } from '@repo/cache';
import { MemoryNetwork } from '@repo/messaging/testing';
import { RateLimiter } from '@repo/rate-limit';
import { RedisClient } from '@repo/redis';
import { RedisServer } from '@repo/redis/testing';
import { median } from '../tests/support/statistics.ts';
import { rounded } from './support/compare.ts';

export const about =
  'the time of cached reads and rate limits, in ms, while Redis is up, stopped, frozen or full';

const CALLS = 1_000;
const RULE = { limit: 10, period: 3_600 };

const STATES: Record<string, (server: RedisServer) => Promise<void>> = {
  up: async () => undefined,
  stopped: (server) => server.stop(),
  frozen: async (server) => server.freeze(),
  full: async (server) => {
    const redis = server.connect();
    await redis.config('SET', 'maxmemory', '1');
    redis.disconnect();
  },
};

export async function run() {
  Logger.overrideLogger(false);
  const rows = [];
  for (const [state, enter] of Object.entries(STATES)) rows.push({ Redis: state, ...(await measure(enter)) });
  return rows;
}

async function measure(enter: (server: RedisServer) => Promise<void>) {
  const server = await RedisServer.start();
  const [forCache, forLimits] = [new RedisClient(server), new RedisClient(server)];
  await Promise.all([forCache.onModuleInit(), forLimits.onModuleInit()]);
  const cache = new Cache(forCache, new MemoryNetwork().join(), { service: 'bench' });
  await cache.onModuleInit();
  const limiter = new RateLimiter(forLimits);
  let n = 0;
  // A new key, whose value takes no time to load: only the cache itself is measured.
  const read = () => cache.wrap(`key:${n++}`, { tags: ['tag'], ttlSeconds: 60 }, async () => 'value');
  const admit = (caller = `ip:${n++}`) => limiter.admit({ caller, path: 'tasks', rule: RULE });
  for (let call = 0; call < CALLS; call++) await Promise.all([read(), admit()]);
  try {
    await enter(server);
    const reads = await timesOf(read);
    const decisions = await timesOf(() => admit());
    const results = await Promise.all(Array.from({ length: 400 }, () => admit('ip:busy')));
    return {
      'first read': reads.first,
      'next reads, median': reads.median,
      'first decision': decisions.first,
      'next decisions, median': decisions.median,
      'admitted of 400, limit 10': results.filter(({ allowed }) => allowed).length,
    };
  } finally {
    server.thaw();
    await Promise.all([forCache.onApplicationShutdown(), forLimits.onApplicationShutdown()]);
    await server.stop();
  }
}

async function timesOf(call: () => Promise<unknown>): Promise<{ first: number; median: number }> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const startedAt = performance.now();
    await call();
    times.push(performance.now() - startedAt);
    // A request starts in a new turn of the event loop.
    await delay(0);
  }
  return { first: rounded(times[0]!), median: rounded(median(times.slice(1))) };
}
