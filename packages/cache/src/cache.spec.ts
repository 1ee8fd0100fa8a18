import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NotFoundError } from '@repo/core';
import { waitFor } from '@repo/core/testing';
import { type MemoryBus, MemoryNetwork } from '@repo/messaging/testing';
import { RedisClient } from '@repo/redis';
import { RedisServer } from '@repo/redis/testing';
import type { Redis } from 'ioredis';
import { Cache, type CacheOptions } from './cache.js';

const POLICY = { tags: ['user:ann'], ttlSeconds: 60 };
let services = 0;

interface Replica {
  cache: Cache;
  bus: MemoryBus;
  redis: RedisClient;
}

/** A load that waits until the test opens it. */
function gate<T>(value: T): { load: () => Promise<T>; open: () => void; entered: Promise<void> } {
  let open!: () => void;
  let enter!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const entered = new Promise<void>((resolve) => (enter = resolve));
  return {
    load: async () => {
      enter();
      await opened;
      return value;
    },
    open,
    entered,
  };
}

describe('Cache', () => {
  let dir: string;
  let server: RedisServer;
  let inspect: Redis;
  let service: string;
  let network: MemoryNetwork;
  let replicas: Replica[];
  /** The value that loads read. */
  let source: string;
  let loads: number;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    dir = mkdtempSync(join(tmpdir(), 'redis-'));
    server = await RedisServer.start('--dir', dir);
    inspect = server.connect();
  });

  afterAll(async () => {
    inspect.disconnect();
    await server.stop();
    rmSync(dir, { recursive: true });
  });

  beforeEach(() => {
    services += 1;
    service = `service-${services}`;
    network = new MemoryNetwork();
    replicas = [];
    source = 'v0';
    loads = 0;
  });

  afterEach(async () => {
    for (const { redis } of replicas) await redis.onApplicationShutdown();
  });

  async function replica(options: Partial<CacheOptions> = {}): Promise<Replica> {
    const redis = new RedisClient({ host: server.host, port: server.port });
    await redis.onModuleInit();
    const bus = network.join();
    const cache = new Cache(redis, bus, { service, ...options });
    await cache.onModuleInit();
    replicas.push({ cache, bus, redis });
    return { cache, bus, redis };
  }

  /** Returns the source as it was one turn of the event loop before. */
  async function load(): Promise<string> {
    loads += 1;
    const value = source;
    await new Promise((resolve) => setImmediate(resolve));
    return value;
  }

  const read = ({ cache }: Replica, key = 'profile') => cache.wrap(key, POLICY, load);

  const storedEntries = async () => (await inspect.keys(`cache:${service}:entry:*`)).length;

  describe('on a read', () => {
    it('loads a value once', async () => {
      const one = await replica();

      expect([await read(one), await read(one)]).toEqual(['v0', 'v0']);

      expect(loads).toBe(1);
    });

    it('shares loaded values with other replicas', async () => {
      const [one, two] = [await replica(), await replica()];

      await read(one);
      await waitFor(async () => (await storedEntries()) === 1);
      await read(two);

      expect(loads).toBe(1);
    });

    it('loads once for 200 parallel reads (single flight)', async () => {
      const one = await replica();

      const values = await Promise.all(Array.from({ length: 200 }, () => read(one)));

      expect(new Set(values)).toEqual(new Set(['v0']));
      expect(loads).toBe(1);
    });

    it('returns a separate copy to each caller', async () => {
      const { cache } = await replica();
      const first = await cache.wrap('list', POLICY, async () => ['a']);
      first.push('b');

      expect(await cache.wrap('list', POLICY, async () => [])).toEqual(['a']);
    });

    it('does not cache an error', async () => {
      const { cache } = await replica();

      await expect(cache.wrap('a', POLICY, () => Promise.reject(new Error('down')))).rejects.toThrow('down');

      expect(await cache.wrap('a', POLICY, load)).toBe('v0');
    });

    it('caches "not found" in memory until it is invalidated', async () => {
      const { cache } = await replica();
      const missing = () =>
        cache.wrap('a', POLICY, () => (loads++, Promise.reject(new NotFoundError('User not found'))));

      await expect(missing()).rejects.toThrow('User not found');
      await expect(missing()).rejects.toThrow('User not found');
      expect(loads).toBe(1);
      expect(await storedEntries()).toBe(0);

      await cache.invalidate('user:ann');
      expect(await cache.wrap('a', POLICY, load)).toBe('v0');
    });

    it('does not cache a value larger than 512 KB', async () => {
      const { cache } = await replica();
      const large = () => cache.wrap('a', POLICY, async () => (loads++, 'x'.repeat(600_000)));

      await large();
      await large();

      expect(loads).toBe(2);
      expect(await storedEntries()).toBe(0);
    });

    it('loads again after the time to live', async () => {
      const { cache } = await replica();
      const brief = () => cache.wrap('a', { tags: [], ttlSeconds: 0.05 }, load);
      await brief();

      await waitFor(async () => (await brief()) && loads === 2);
    });

    it('loads each time when it is disabled', async () => {
      const { cache } = await replica({ enabled: false });

      await cache.wrap('a', POLICY, load);
      await cache.wrap('a', POLICY, load);
      await cache.invalidate('user:ann');

      expect(loads).toBe(2);
      expect(await storedEntries()).toBe(0);
    });

    it('does not read entries of another build, but invalidates them', async () => {
      const [old, next] = [await replica({ build: '1' }), await replica({ build: '2' })];
      await read(old);
      await read(next);
      expect(loads).toBe(2);

      source = 'v1';
      await old.cache.invalidate('user:ann');

      expect(await read(next)).toBe('v1');
    });
  });

  describe('after a write', () => {
    it('returns the new value on every replica, in each of 1,000 rounds', async () => {
      const pair = [await replica(), await replica()] as const;
      let stale = 0;

      for (let round = 1; round <= 1_000; round++) {
        const [writer, reader] = round % 2 ? pair : [pair[1], pair[0]];
        const before = [read(writer), read(reader)];
        source = `v${round}`;
        await writer.cache.invalidate('user:ann');
        if ((await read(reader)) !== source || (await read(writer)) !== source) stale += 1;
        await Promise.all(before);
      }

      expect(stale).toBe(0);
    });

    it('does not cache the value of a load that began before the write', async () => {
      const [one, two] = [await replica(), await replica()];
      const slow = gate('old');
      const reading = one.cache.wrap('profile', POLICY, slow.load);
      await slow.entered;

      source = 'new';
      await two.cache.invalidate('user:ann');
      slow.open();

      expect(await reading).toBe('old');
      expect(await read(one)).toBe('new');
      expect(await read(two)).toBe('new');
    });

    it('starts a new load when the one in flight began before the write', async () => {
      const { cache } = await replica();
      const slow = gate('old');
      const reading = cache.wrap('profile', POLICY, slow.load);
      await slow.entered;

      source = 'new';
      await cache.invalidate('user:ann');

      expect(await cache.wrap('profile', POLICY, load)).toBe('new');
      slow.open();
      expect(await reading).toBe('old');
    });

    it('keeps values with other tags', async () => {
      const one = await replica();
      await read(one);

      await one.cache.invalidate('user:bob');

      await read(one);
      expect(loads).toBe(1);
    });

    it('invalidates a tag of 2,000 entries with one command', async () => {
      const one = await replica();
      for (let index = 0; index < 2_000; index += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, offset) => read(one, `key-${index + offset}`)));
      }
      const writer = await replica();
      const run = jest.spyOn(writer.redis, 'run');

      await writer.cache.invalidate('user:ann');

      expect(run).toHaveBeenCalledTimes(1);
      expect(await run.mock.results[0]!.value).toBeLessThanOrEqual(1);
      expect(await one.cache.wrap('key-0', POLICY, async () => 'new')).toBe('new');
    });
  });

  describe('while a replica is disconnected from the bus', () => {
    it('does not use the memory of that replica', async () => {
      const [one, two] = [await replica(), await replica()];
      await read(two);
      two.bus.disconnect();

      source = 'v1';
      await one.cache.invalidate('user:ann');

      expect(await read(two)).toBe('v1');
    });

    it('discards the memory of that replica when it is connected again', async () => {
      const [one, two] = [await replica(), await replica()];
      await read(two);
      two.bus.disconnect();
      source = 'v1';
      await one.cache.invalidate('user:ann');

      await two.bus.reconnect();

      expect(await read(two)).toBe('v1');
    });

    it('does not cache the value of a load that began before', async () => {
      const [one, two] = [await replica(), await replica()];
      const slow = gate('old');
      const reading = two.cache.wrap('profile', POLICY, slow.load);
      await slow.entered;
      two.bus.disconnect();
      source = 'new';
      await one.cache.invalidate('user:ann');
      await two.bus.reconnect();
      slow.open();
      await reading;

      expect(await read(two)).toBe('new');
    });
  });

  describe('while Redis is unavailable', () => {
    afterEach(() => server.thaw());

    it('loads values, and only the first read waits for Redis', async () => {
      const one = await replica();
      await read(one);
      server.freeze();

      const startedAt = performance.now();
      expect(await read(one, 'first')).toBe('v0');
      const firstMs = performance.now() - startedAt;
      expect(await read(one, 'second')).toBe('v0');
      const secondMs = performance.now() - startedAt - firstMs;

      expect(firstMs).toBeLessThan(200);
      expect(secondMs).toBeLessThan(30);
    });

    it('returns nothing stale when Redis is available again with its old entries', async () => {
      const [one, two] = [await replica(), await replica()];
      await read(one);
      await waitFor(async () => (await storedEntries()) === 1);
      server.freeze();

      source = 'v1';
      await one.cache.invalidate('user:ann');
      server.thaw();
      await waitFor(() => one.redis.available && two.redis.available);

      expect(await read(two)).toBe('v1');
      expect(await read(one)).toBe('v1');
    });

    it('returns nothing stale when Redis was unavailable for the writer only', async () => {
      const [one, two] = [await replica(), await replica()];
      await read(two);
      await waitFor(async () => (await storedEntries()) === 1);
      await one.redis.onApplicationShutdown();

      source = 'v1';
      await one.cache.invalidate('user:ann');

      expect(await read(two)).toBe('v1');
    });

    it('returns nothing stale when Redis was restarted from an old snapshot', async () => {
      const one = await replica();
      await read(one);
      await waitFor(async () => (await storedEntries()) === 1);
      await inspect.save();
      source = 'v1';
      await one.cache.invalidate('user:ann');

      await server.stop();
      await waitFor(() => !one.redis.available);
      await server.restart();
      expect(await storedEntries()).toBe(1);
      await waitFor(() => one.redis.available);
      one.bus.disconnect();

      expect(await read(one)).toBe('v1');
    });

    it('writes to Redis again when it is available', async () => {
      const one = await replica();
      server.freeze();
      await read(one);
      server.thaw();
      await waitFor(() => one.redis.available);

      await waitFor(async () => (await read(one, `key-${loads}`)) && (await storedEntries()) > 0);
    });
  });

  it('invalidates when Redis is full', async () => {
    const one = await replica();
    await read(one);
    await waitFor(async () => (await storedEntries()) === 1);
    await inspect.config('SET', 'maxmemory', '1');
    try {
      source = 'v1';
      await one.cache.invalidate('user:ann');

      expect(await read(one)).toBe('v1');
    } finally {
      await inspect.config('SET', 'maxmemory', '0');
    }
  });

  it('discards all entries when a replica starts', async () => {
    const [one, two] = [await replica(), await replica()];
    await read(one);
    await read(two);
    source = 'v1';

    const three = await replica();
    three.cache.onApplicationBootstrap();

    await waitFor(async () => (await read(one)) === 'v1');
    expect([await read(two), await read(three)]).toEqual(['v1', 'v1']);
  });
});
