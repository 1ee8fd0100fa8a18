import { Controller, Global, Inject, Injectable, Logger, Module, Post } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cache, CACHE_REDIS, CacheModule } from '@repo/cache';
import { app, cache, configOf, rateLimit } from '@repo/config';
import { runInContext } from '@repo/core';
import { ReplicaBus } from '@repo/messaging';
import { MemoryNetwork } from '@repo/messaging/testing';
import {
  RATE_LIMIT_REDIS,
  RateLimit,
  RateLimitModule,
  RateLimitRules,
  type RuleSource,
} from '@repo/rate-limit';
import type { RedisClient } from '@repo/redis';
import { RedisServer } from '@repo/redis/testing';

class Settings extends configOf('jobs', { ...app(), ...cache(), ...rateLimit() }) {}

@Controller()
class TasksController {
  @Post('tasks')
  @RateLimit()
  create() {
    return {};
  }
}

const bus = { provide: ReplicaBus, useFactory: () => new MemoryNetwork().join() };

@Global()
@Module({ providers: [bus], exports: [bus] })
class FakeMessagingModule {}

@Injectable()
class Tiers implements RuleSource {
  constructor(@Inject(ReplicaBus) readonly bus: ReplicaBus) {}

  async ruleFor() {
    return { limit: 99, period: 60 };
  }
}

describe('CacheModule and RateLimitModule', () => {
  let server: RedisServer;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisServer.start();
  });

  afterAll(() => server.stop());

  async function start(enabled: boolean, port: number): Promise<NestFastifyApplication> {
    const redis = {
      REDIS_CACHE_URL: `redis://${server.host}:${port}`,
      REDIS_RATE_LIMIT_URL: `redis://${server.host}:${port}`,
    };
    const limits = { DEFAULT_RATE_LIMIT_LIMIT: '5', DEFAULT_RATE_LIMIT_PERIOD: '60' };
    const enabling = { CACHE_ENABLED: String(enabled), RATE_LIMIT_ENABLED: String(enabled) };
    const settings = new Settings({ ...redis, ...limits, ...enabling });
    const module = await Test.createTestingModule({
      imports: [
        FakeMessagingModule,
        CacheModule.forRoot(settings),
        RateLimitModule.forRoot(settings, { ruleSource: Tiers }),
      ],
      controllers: [TasksController],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    const fastify = app.getHttpAdapter().getInstance();
    fastify.addHook('onRequest', (request, reply, done) =>
      runInContext(
        { requestId: 'r', clientAddress: '192.0.2.1', route: '/api/v1/tasks', request, reply },
        done,
      ),
    );
    return app.init();
  }

  it('open a Redis client each, and close it', async () => {
    const app = await start(true, server.port);
    const clients = [CACHE_REDIS, RATE_LIMIT_REDIS].map((token) => app.get<RedisClient>(token));

    expect(clients.map(({ available }) => available)).toEqual([true, true]);
    expect(clients[0]).not.toBe(clients[1]);
    expect(await app.get(RateLimitRules).ruleFor({ id: 1 }, 'tasks')).toEqual({ limit: 99, period: 60 });
    const { headers } = await app.inject({ method: 'POST', url: '/tasks' });
    expect(headers['ratelimit-policy']).toBe('"api_v1_tasks";q=5;w=60');

    await app.close();
    expect(clients.map(({ available }) => available)).toEqual([false, false]);
  });

  it('need no Redis when they are disabled', async () => {
    const app = await start(false, 1);

    expect(await app.get(Cache).wrap('a', { tags: [], ttlSeconds: 1 }, async () => 1)).toBe(1);
    const { statusCode, headers } = await app.inject({ method: 'POST', url: '/tasks' });
    expect([statusCode, headers['ratelimit']]).toEqual([201, undefined]);

    await app.close();
  });
});
