import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@repo/core/testing';
import { RedisClient } from '@repo/redis';
import { RedisServer } from '@repo/redis/testing';
import type { Redis } from 'ioredis';
import { RateLimiter } from './rate-limiter.js';

const PATH = 'api_v1_tasks_task';
const HOURLY = { limit: 10, period: 3_600 };
let callers = 0;

describe('RateLimiter', () => {
  let server: RedisServer;
  let inspect: Redis;
  let redis: RedisClient;
  let caller: string;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisServer.start();
    inspect = server.connect();
    redis = new RedisClient({ host: server.host, port: server.port });
    await redis.onModuleInit();
  });

  afterAll(async () => {
    inspect.disconnect();
    await redis.onApplicationShutdown();
    await server.stop();
  });

  beforeEach(() => {
    callers += 1;
    caller = `user:${callers}`;
  });

  const commands = async () =>
    Number((await inspect.info('commandstats')).match(/cmdstat_evalsha:calls=(\d+)/)?.[1]);

  it('admits exactly the limit of 400 concurrent calls in two processes', async () => {
    const processes = [new RateLimiter(redis), new RateLimiter(redis)];

    const results = await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        processes[index % 2]!.admit({ caller, path: PATH, rule: HOURLY }),
      ),
    );

    expect(results.filter(({ allowed }) => allowed)).toHaveLength(10);
  });

  it('returns the remaining calls and the time until the next one', async () => {
    const limiter = new RateLimiter(redis);
    const rule = { limit: 2, period: 60 };

    const [one, two, three] = [
      await limiter.admit({ caller, path: PATH, rule }),
      await limiter.admit({ caller, path: PATH, rule }),
      await limiter.admit({ caller, path: PATH, rule }),
    ];

    expect([one.remaining, two.remaining, three.remaining]).toEqual([1, 0, 0]);
    expect(one).toMatchObject({ allowed: true, resetSeconds: 60, retryAfterSeconds: 0 });
    expect(three.allowed).toBe(false);
    expect(three.retryAfterSeconds).toBeGreaterThan(58);
    expect(three.retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it('counts callers and paths separately, with any characters in their names', async () => {
    const limiter = new RateLimiter(redis);
    const rule = { limit: 1, period: 60 };
    const admit = async (name: string, path: string) =>
      (await limiter.admit({ caller: name, path, rule })).allowed;

    expect(await admit(`${caller}:a`, 'b')).toBe(true);
    expect(await admit(caller, 'a:b')).toBe(true);
    expect(await admit(`${caller}%3Aa`, 'b')).toBe(true);
    expect(await admit(`${caller}:\ud800`, 'b')).toBe(true);
    expect(await admit(`${caller}:a`, 'b')).toBe(false);
  });

  it('admits at most the limit in any sliding period', async () => {
    const limiter = new RateLimiter(redis);
    const rule = { limit: 5, period: 1 };
    const admittedAt: number[] = [];

    const end = performance.now() + 1_600;
    while (performance.now() < end) {
      if ((await limiter.admit({ caller, path: PATH, rule })).allowed) admittedAt.push(performance.now());
      await delay(20);
    }

    // 15 ms of tolerance for the time between the decision in Redis and the measurement here.
    const tooMany = admittedAt.filter((time, index) => admittedAt[index + 5]! - time < 985);
    expect(tooMany).toEqual([]);
    expect(admittedAt.length).toBeGreaterThanOrEqual(10);
  });

  it('does not count rejected calls', async () => {
    const rule = { limit: 1, period: 1 };
    const limiter = new RateLimiter(redis);
    await limiter.admit({ caller, path: PATH, rule });
    const startedAt = performance.now();

    await waitFor(async () => (await new RateLimiter(redis).admit({ caller, path: PATH, rule })).allowed);

    expect(performance.now() - startedAt).toBeLessThan(1_300);
  });

  it('does not count a call that was rejected because of calls to another process', async () => {
    const [limiter, other] = [new RateLimiter(redis), new RateLimiter(redis)];
    const admit = (limit: number, period: number) =>
      limiter.admit({ caller, path: PATH, rule: { limit, period } });
    await other.admit({ caller, path: PATH, rule: { limit: 1, period: 60 } });

    expect([(await admit(1, 60)).allowed, (await admit(1, 61)).allowed]).toEqual([false, false]);

    expect(await admit(2, 60)).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('check() returns the remaining calls without counting one', async () => {
    const limiter = new RateLimiter(redis);
    const check = () => new RateLimiter(redis).check({ caller, path: PATH, rule: HOURLY });

    expect(await check()).toMatchObject({ remaining: 10, resetSeconds: 0 });
    await limiter.admit({ caller, path: PATH, rule: HOURLY });
    await check();

    expect(await check()).toMatchObject({ remaining: 9, resetSeconds: expect.closeTo(3_600, 0) });
  });

  it('sets the expiry of the log to the retention', async () => {
    await new RateLimiter(redis).admit({ caller, path: PATH, rule: { limit: 1, period: 7_200 } });

    const ttl = await inspect.pttl(`limits:user%3A${callers}:${PATH}`);

    expect(ttl).toBeGreaterThan(7_190_000);
    expect(ttl).toBeLessThanOrEqual(7_200_000);
  });

  it('admits every call without Redis', async () => {
    const limiter = new RateLimiter();
    const rule = { limit: 1, period: 60 };

    await limiter.admit({ caller, path: PATH, rule });

    expect(await limiter.admit({ caller, path: PATH, rule })).toMatchObject({ allowed: true, remaining: 1 });
  });

  describe('with a caller that has no call left', () => {
    it('rejects without a request to Redis', async () => {
      const [limiter, other] = [new RateLimiter(redis), new RateLimiter(redis)];
      const rule = { limit: 1, period: 60 };
      await other.admit({ caller, path: PATH, rule });
      await limiter.admit({ caller, path: PATH, rule });
      const before = await commands();

      const result = await limiter.admit({ caller, path: PATH, rule });

      expect(result.allowed).toBe(false);
      expect(await commands()).toBe(before);
    });

    it.each([
      ['a higher limit', { limit: 2, period: 60 }, true],
      ['a longer period', { limit: 1, period: 120 }, false],
    ])('applies %s to the next call', async (_, rule, allowed) => {
      const limiter = new RateLimiter(redis);
      await limiter.admit({ caller, path: PATH, rule: { limit: 1, period: 60 } });
      await limiter.admit({ caller, path: PATH, rule: { limit: 1, period: 60 } });

      expect((await limiter.admit({ caller, path: PATH, rule })).allowed).toBe(allowed);
    });

    it('applies a lower limit to the next call', async () => {
      const limiter = new RateLimiter(redis);
      for (let call = 0; call < 3; call++) await limiter.admit({ caller, path: PATH, rule: HOURLY });

      const result = await limiter.admit({ caller, path: PATH, rule: { limit: 3, period: 3_600 } });

      expect(result).toMatchObject({ allowed: false, remaining: 0 });
    });

    it('counts earlier calls when the period grows', async () => {
      const [limiter, other] = [new RateLimiter(redis), new RateLimiter(redis)];
      await limiter.admit({ caller, path: PATH, rule: { limit: 1, period: 1 } });
      await waitFor(
        async () => (await limiter.admit({ caller, path: PATH, rule: { limit: 1, period: 1 } })).allowed,
      );

      const result = await other.admit({ caller, path: PATH, rule: { limit: 2, period: 60 } });

      expect(result.allowed).toBe(false);
    });
  });

  describe('while Redis is unavailable', () => {
    const admitted = async (limiter: RateLimiter, calls: number) => {
      const results = await Promise.all(
        Array.from({ length: calls }, () => limiter.admit({ caller, path: PATH, rule: HOURLY })),
      );
      return results.filter(({ allowed }) => allowed).length;
    };

    it('limits in each process, earlier calls included', async () => {
      const [limiter, other] = [new RateLimiter(redis), new RateLimiter(redis)];
      expect(await admitted(limiter, 6)).toBe(6);

      server.freeze();
      try {
        expect([await admitted(limiter, 50), await admitted(other, 50)]).toEqual([4, 10]);
      } finally {
        server.thaw();
        await waitFor(() => redis.available);
      }
    });

    it('counts the calls of the outage in each process after a restart', async () => {
      const limiter = new RateLimiter(redis);
      await admitted(limiter, 6);
      await server.stop();
      await waitFor(() => !redis.available);
      expect(await admitted(limiter, 2)).toBe(2);

      await server.restart();
      await waitFor(() => redis.available);

      expect(await admitted(limiter, 50)).toBe(2);
      expect(await admitted(new RateLimiter(redis), 50)).toBe(8);
    });

    it('limits in the process while Redis is full', async () => {
      await inspect.config('SET', 'maxmemory', '1');
      try {
        expect(await admitted(new RateLimiter(redis), 20)).toBe(10);
      } finally {
        await inspect.config('SET', 'maxmemory', '0');
      }
    });
  });
});
