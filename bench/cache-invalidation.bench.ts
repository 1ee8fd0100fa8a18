// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Cache } from '@repo/cache';
import { NatsClient, ReplicaBus } from '@repo/messaging';
import { RedisClient } from '@repo/redis';
import { compare, rounded } from './support/compare.ts';
import { withServers } from './support/servers.ts';

export const about =
  'invalidating a tag, on two replicas: how much longer it takes when it covers many entries';

const SIZES = [1, 1_000, 100_000];
const ROUNDS = 7;

export const run = () => {
  Logger.overrideLogger(['error']);
  return withServers(measure);
};

/** @param {Record<string, string>} env */
async function measure(env) {
  const replicas = await Promise.all([startReplica(env), startReplica(env)]);
  try {
    const [writer, reader] = replicas.map(({ cache }) => cache);
    const results = await compare(
      SIZES.map((size) => ({
        name: size.toLocaleString('en'),
        measure: async () => {
          const policy = { tags: [`size:${size}`], ttlSeconds: 600 };
          await inBatches(size, (n) => reader.wrap(`${size}:${n}`, policy, async () => n));
          // What the reads still write to Redis would be measured as well.
          await sleep(250);
          await writer.invalidate('another tag');
          const since = performance.now();
          await writer.invalidate(...policy.tags);
          const ms = performance.now() - since;
          const again = await reader.wrap(`${size}:0`, policy, async () => -1);
          if (again !== -1) throw new Error('A stale entry was read.');
          return ms;
        },
      })),
      { rounds: ROUNDS, figure: (ms) => ms },
    );
    return results.map(({ name, figure, ratio }) => ({
      'entries under the tag': name,
      'median ms': rounded(figure),
      'ratio to one entry': rounded(ratio),
    }));
  } finally {
    await Promise.all(replicas.map(({ stop }) => stop()));
  }
}

/** A cache as a replica of a service has it. @param {Record<string, string>} env */
async function startReplica({ REDIS_CACHE_HOST, REDIS_CACHE_PORT, NATS_URL }) {
  const redis = new RedisClient({ host: REDIS_CACHE_HOST, port: Number(REDIS_CACHE_PORT) });
  const nats = new NatsClient({ service: 'bench', url: NATS_URL });
  const bus = new ReplicaBus(nats);
  const cache = new Cache(redis, bus, { service: 'bench', maxEntries: 200_000 });
  await redis.onModuleInit();
  await cache.onModuleInit();
  nats.start();
  bus.start();
  await bus.whenLeaseValid(5_000);
  return {
    cache,
    stop: async () => {
      cache.onApplicationShutdown();
      bus.stop();
      await nats.close();
      await redis.onApplicationShutdown();
    },
  };
}

/** @param {number} count @param {(n: number) => Promise<unknown>} work */
async function inBatches(count, work) {
  const SIDE_BY_SIDE = 500;
  for (let from = 0; from < count; from += SIDE_BY_SIDE) {
    const batch = Array.from({ length: Math.min(SIDE_BY_SIDE, count - from) }, (_, index) => from + index);
    await Promise.all(batch.map(work));
  }
}
