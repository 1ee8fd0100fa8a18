import {
  Controller,
  Get,
  HttpCode,
  Logger,
  Param,
  Patch,
  Query,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Caller,
  EarlyResponses,
  NotFoundError,
  requestContext,
  runInContext,
  wrapHandler,
} from '@repo/core';
import { MemoryNetwork } from '@repo/messaging/testing';
import { RedisClient } from '@repo/redis';
import { RedisServer } from '@repo/redis/testing';
import { Cached, Invalidates } from './cache.decorators.js';
import { Cache } from './cache.js';
import { ResponseIndex } from './response-index.js';

let calls = 0;
let title = 'first';

@Controller()
class PostsController {
  @Get(':username/posts')
  @Cached({ key: '{username}_posts:{page}', tags: ['user:{username}'], ttlSeconds: 60 })
  list(@Param('username') username: string, @Query('page') page = '1') {
    calls += 1;
    return { username, page, title, user: requestContext()?.user?.username ?? null };
  }

  @Patch(':username/post')
  @HttpCode(200)
  @Invalidates({ tags: ['user:{username}'] })
  update(@Query('result') result: string) {
    title = 'second';
    if (result === 'refused') throw new NotFoundError('Post not found');
    if (result === 'broken') throw new Error('after the commit');
    return { message: 'Post updated' };
  }
}

/** Counts each call of a route, as a rate limit does. */
let counted = 0;
const Counted = (): MethodDecorator => (_target, _name, descriptor) =>
  wrapHandler(descriptor!, (_self, handle) => {
    counted += 1;
    return handle();
  });

@Controller('limited')
class LimitedController {
  @Counted()
  @Cached({ key: 'limited', tags: ['limited'], ttlSeconds: 60 })
  @Get()
  read() {
    return { limited: true };
  }
}

class HeaderUser implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const username = context.switchToHttp().getRequest().headers['x-user'];
    if (username) requestContext()!.user = { username } as Caller;
    return true;
  }
}

describe('@Cached and @Invalidates', () => {
  let server: RedisServer;
  let redis: RedisClient;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisServer.start();
    redis = new RedisClient({ host: server.host, port: server.port });
    await redis.onModuleInit();
  });

  afterAll(async () => {
    await redis.onApplicationShutdown();
    await server.stop();
  });

  beforeEach(() => {
    calls = 0;
    title = 'first';
  });

  afterEach(() => app.close());

  async function start(options: { enabled?: boolean } = {}): Promise<void> {
    const cache = new Cache(redis, new MemoryNetwork().join(), { service: 'posts', ...options });
    const module = {
      module: class {},
      controllers: [PostsController, LimitedController],
      providers: [
        { provide: Cache, useValue: cache },
        EarlyResponses,
        ResponseIndex,
        { provide: APP_GUARD, useClass: HeaderUser },
      ],
    };
    app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRequest', (request, reply, done) =>
        runInContext({ requestId: 'r', method: request.method, publicResponse: true, request, reply }, done),
      );
    await app.init();
    await cache.clear();
  }

  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers });
  const patch = (result: string) => app.inject({ method: 'PATCH', url: `/ann/post?result=${result}` });

  it('sends the same body and ETag again without calling the handler', async () => {
    await start();

    const [one, two] = [await get('/ann/posts'), await get('/ann/posts')];

    expect(one.json()).toEqual({ username: 'ann', page: '1', title: 'first', user: null });
    expect(two.body).toBe(one.body);
    expect(two.headers).toMatchObject({
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(one.body.length),
    });
    expect(two.headers['etag']).toBe(one.headers['etag']);
    expect(calls).toBe(1);
  });

  it('sends another ETag when the content has changed', async () => {
    await start();
    const { etag } = (await get('/ann/posts')).headers;

    await patch('done');

    expect((await get('/ann/posts')).headers['etag']).not.toBe(etag);
  });

  it('caches one response per key', async () => {
    await start();

    const bodies = [await get('/ann/posts'), await get('/bob/posts'), await get('/ann/posts?page=2')];

    expect(new Set(bodies.map(({ body }) => body)).size).toBe(3);
  });

  it('calls the handler when the query has a parameter that is not in the key', async () => {
    await start();

    await get('/ann/posts?sort=id');
    await get('/ann/posts?sort=id');

    expect(calls).toBe(2);
  });

  it('calls the handler, and caches nothing, when the request has a user', async () => {
    await start();
    await get('/ann/posts');

    const own = await get('/ann/posts', { 'x-user': 'ann' });

    expect(own.json()).toMatchObject({ user: 'ann' });
    expect((await get('/ann/posts')).json()).toMatchObject({ user: null });
  });

  it.each([
    ['done', 200],
    ['broken', 500],
  ])('invalidates before the response when a write is %s', async (result, status) => {
    await start();
    await get('/ann/posts');

    expect((await patch(result)).statusCode).toBe(status);

    expect((await get('/ann/posts')).json()).toMatchObject({ title: 'second' });
  });

  it('invalidates nothing when a write is refused', async () => {
    await start();
    await get('/ann/posts');

    await patch('refused');

    expect((await get('/ann/posts')).json()).toMatchObject({ title: 'first' });
  });

  it('lets a response be sent before routing, unless a decorator above this one wraps the handler', async () => {
    await start();
    const { find } = app.get(EarlyResponses);

    await get('/ann/posts');
    for (let times = 0; times < 2; times++) await get('/limited');

    expect(find('/ann/posts')).toMatchObject({ body: expect.stringContaining('"username":"ann"') });
    expect(find('/limited')).toBeUndefined();
    expect(counted).toBe(2);
  });

  it('calls the handler each time when the cache is disabled', async () => {
    await start({ enabled: false });

    await get('/ann/posts');
    await get('/ann/posts');

    expect(calls).toBe(2);
  });
});
