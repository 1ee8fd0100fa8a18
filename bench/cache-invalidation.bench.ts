import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Cache } from '@repo/cache';
import { NatsClient, ReplicaBus } from '@repo/messaging';
import { RedisClient } from '@repo/redis';
import { mapConcurrently } from '../tests/support/concurrency.ts';
import { compare, rounded } from './support/compare.ts';
import { withServers } from './support/system.ts';

export const about = 'invalidation of a tag on two replicas, by the number of entries with the tag';

const SIZES = [1, 1_000, 100_000];
const ROUNDS = 7;
const CONCURRENT_READS = 500;

export const run = () => {
  Logger.overrideLogger(['error']);
  return withServers(measure);
};

async function measure(env: Record<string, string>) {
  const [writer, reader] = [await startReplica(env), await startReplica(env)];
  try {
    const results = await compare(
      SIZES.map((size) => ({
        name: size.toLocaleString('en'),
        measure: () => invalidate(writer.cache, reader.cache, size),
      })),
      { rounds: ROUNDS, figure: (ms) => ms },
    );
    return results.map(({ name, figure, ratio }) => ({
      'entries under the tag': name,
      'median ms': rounded(figure),
      'ratio to one entry': rounded(ratio),
    }));
  } finally {
    await Promise.all([writer.stop(), reader.stop()]);
  }
}

/** The time to invalidate a tag with so many entries, in ms. */
async function invalidate(writer: Cache, reader: Cache, size: number): Promise<number> {
  const policy = { tags: [`size:${size}`], ttlSeconds: 600 };
  await mapConcurrently(Array(size).keys(), CONCURRENT_READS, (n) =>
    reader.wrap(`${size}:${n}`, policy, async () => n),
  );
  // The reads still write to Redis. The time of these writes must not be measured.
  await delay(250);
  await writer.invalidate('another tag');
  const startedAt = performance.now();
  await writer.invalidate(...policy.tags);
  const ms = performance.now() - startedAt;
  const again = await reader.wrap(`${size}:0`, policy, async () => -1);
  if (again !== -1) throw new Error('A stale entry was read');
  return ms;
}

/** The cache of one replica of a service. */
async function startReplica(env: Record<string, string>) {
  const redis = new RedisClient({ host: env.REDIS_CACHE_HOST!, port: Number(env.REDIS_CACHE_PORT) });
  const nats = new NatsClient({ service: 'bench', url: env.NATS_URL! });
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
      bus.stop();
      await nats.close();
      await redis.onApplicationShutdown();
    },
  };
}
