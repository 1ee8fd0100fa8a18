// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Cache } from '@repo/cache';
import { RateLimiter } from '@repo/rate-limit';
import { RedisClient } from '@repo/redis';
import { MemoryNetwork, RedisServer } from '@repo/testing';
import { median, rounded } from './support/compare.ts';

export const about = 'what reads and limits cost, in ms, while their Redis is up, stopped, frozen or full';

const CALLS = 1_000;
const RULE = { limit: 10, period: 3_600 };

/** @type {Record<string, (server: RedisServer) => Promise<unknown>>} */
const STATES = {
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

/** @param {(server: RedisServer) => Promise<unknown>} enter */
async function measure(enter) {
  const server = await RedisServer.start();
  const clients = [new RedisClient(server), new RedisClient(server)];
  await Promise.all(clients.map((client) => client.onModuleInit()));
  const cache = new Cache(clients[0], new MemoryNetwork().join(), { service: 'bench' });
  await cache.onModuleInit();
  const limiter = new RateLimiter(clients[1]);
  let n = 0;
  // A key that nobody has asked for, from a source that takes no time: all that is measured is the cache.
  const read = () => cache.wrap(`key:${n++}`, { tags: ['tag'], ttlSeconds: 60 }, async () => 'value');
  const admit = (caller = `ip:${n++}`) => limiter.admit({ caller, path: 'tasks', rule: RULE });
  for (let call = 0; call < CALLS; call++) await Promise.all([read(), admit()]);
  try {
    await enter(server);
    const reads = await timed(read);
    const decisions = await timed(admit);
    const verdicts = await Promise.all(Array.from({ length: 400 }, () => admit('ip:busy')));
    return {
      'first read': reads.first,
      'next reads, median': reads.median,
      'first decision': decisions.first,
      'next decisions, median': decisions.median,
      'admitted of 400, limit 10': verdicts.filter(({ allowed }) => allowed).length,
    };
  } finally {
    server.thaw();
    cache.onApplicationShutdown();
    await Promise.all(clients.map((client) => client.onApplicationShutdown()));
    await server.stop();
  }
}

/** @param {() => Promise<unknown>} call */
async function timed(call) {
  const times = [];
  for (let n = 0; n < CALLS; n++) {
    const since = performance.now();
    await call();
    times.push(performance.now() - since);
    // Calls come from outside, not one out of the other.
    await sleep(0);
  }
  return { first: rounded(times[0]), median: rounded(median(times.slice(1))) };
}
