import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  HttpCode,
  Logger,
  ParseIntPipe,
  Post,
  Query,
} from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, type Caller, type RequestContext, runInContext } from '@repo/core';
import { MemoryNetwork } from '@repo/messaging/testing';
import { RedisClient } from '@repo/redis';
import { RedisServer } from '@repo/redis/testing';
import type { FastifyReply } from 'fastify';
import { RateLimit } from './rate-limit.decorator.js';
import { RateLimitRules } from './rate-limit-rules.js';
import { RateLimiter } from './rate-limiter.js';
import { RefusalIndex } from './refusal-index.js';

@Controller()
class TasksController {
  @Post('tasks/task')
  @RateLimit()
  @HttpCode(201)
  create(@Query('n', new ParseIntPipe({ errorHttpStatusCode: 422 })) n: number) {
    return { n };
  }
}

@Catch(AppError)
class AppErrorFilter implements ExceptionFilter {
  catch(error: AppError, host: ArgumentsHost): void {
    host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .code(error.status)
      .headers(error.headers!)
      .send(error.detail);
  }
}

describe('@RateLimit', () => {
  let server: RedisServer;
  let redis: RedisClient;
  let app: NestFastifyApplication;
  let address = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisServer.start();
    redis = new RedisClient({ host: server.host, port: server.port });
    await redis.onModuleInit();
    const rules = new RateLimitRules(new MemoryNetwork().join(), { limit: 2, period: 60 });
    const module = {
      module: class {},
      controllers: [TasksController],
      providers: [
        { provide: RateLimiter, useValue: new RateLimiter(redis) },
        { provide: RateLimitRules, useValue: rules },
        RefusalIndex,
        { provide: APP_FILTER, useClass: AppErrorFilter },
      ],
    };
    app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
    const fastify = app.getHttpAdapter().getInstance();
    fastify.addHook('onRequest', (request, reply, done) => {
      const id = request.headers['x-user'];
      const context: RequestContext = {
        requestId: 'r',
        clientAddress: `192.0.2.${address}`,
        route: `/api/v1${request.url.split('?')[0]}`,
        user: id ? ({ id: Number(id) } as Caller) : undefined,
        request,
        reply,
      };
      runInContext(context, done);
    });
    await app.init();
  });

  afterAll(async () => {
    await app.close();
    await redis.onApplicationShutdown();
    await server.stop();
  });

  beforeEach(() => {
    address += 1;
  });

  const post = (n: string, headers = {}) =>
    app.inject({ method: 'POST', url: `/tasks/task?n=${n}`, headers });

  it('keeps the metadata of other decorators and of parameters', async () => {
    const response = await post('7');

    expect([response.statusCode, response.json()]).toEqual([201, { n: 7 }]);
    expect(TasksController.prototype.create.name).toBe('create');
  });

  it('sets the RateLimit headers of the draft', async () => {
    const { headers } = await post('1');

    expect(headers['ratelimit-policy']).toBe('"api_v1_tasks_task";q=2;w=60');
    expect(headers['ratelimit']).toBe('"api_v1_tasks_task";r=1;t=60');
  });

  it('returns 429 with Retry-After above the limit', async () => {
    await post('1');
    await post('1');

    const { statusCode, body, headers } = await post('1');

    expect([statusCode, body]).toEqual([429, 'Rate limit exceeded.']);
    expect(headers['ratelimit']).toMatch(/^"api_v1_tasks_task";r=0;t=(59|60)$/);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(59);
    expect(headers['ratelimit-policy']).toBe('"api_v1_tasks_task";q=2;w=60');
  });

  it('does not count a request that fails validation', async () => {
    for (let call = 0; call < 5; call++) expect((await post('x')).statusCode).toBe(422);

    expect((await post('1')).headers['ratelimit']).toMatch(/;r=1;/);
  });

  it('counts a user across addresses, and separately from others at the same address', async () => {
    await post('1', { 'x-user': '7' });
    address += 1;

    expect((await post('1', { 'x-user': '7' })).headers['ratelimit']).toMatch(/;r=0;/);
    expect((await post('1')).headers['ratelimit']).toMatch(/;r=1;/);
  });
});
