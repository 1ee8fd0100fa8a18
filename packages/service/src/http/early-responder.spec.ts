import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EarlyRefusal, type EarlyResponse, EarlyResponses, TooManyRequestsError } from '@repo/core';
import type { AccessLog } from '@repo/observability';
import { Draining } from './draining.js';
import { EarlyResponder } from './early-responder.js';

const CACHED: EarlyResponse = {
  name: 'GET /posts/{id}',
  route: '/posts/:id',
  contentType: 'application/json',
  etag: '"1"',
  body: '{"id":1}',
  length: 8,
};
const REFUSAL: EarlyRefusal = {
  name: 'POST /tasks',
  route: '/tasks',
  userId: 7,
  error: new TooManyRequestsError('Rate limit exceeded.', { retryAfterSeconds: 30 }),
  headers: { RateLimit: '"tasks";r=0;t=30' },
};

let server: Server;
let draining: Draining;
let logged: Parameters<AccessLog['record']>[0][];

/** 418 of the server behind the responder. */
const ROUTED = 418;
const send = (method: string, path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method, ...init });
const repeat = (headers: Record<string, string> = {}, body?: string) =>
  send('POST', '/tasks', { headers: { Authorization: 'Bearer known', ...headers }, body });

describe('EarlyResponder', () => {
  beforeAll(async () => {
    const responder = new EarlyResponder();
    server = responder.createServer((_request, response) => response.writeHead(ROUTED).end(), {});
    const responses = new EarlyResponses();
    responses.find = (url) => (url === '/posts/1' ? CACHED : undefined);
    responses.findRefusal = ({ url }) => (url === '/tasks' ? REFUSAL : undefined);
    draining = new Draining();
    responder.use({
      responses,
      tokens: { isKnown: (token) => token === 'known' },
      accessLog: { record: (request) => void logged.push(request) } as AccessLog,
      draining,
      clientCacheMaxAge: 0,
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    draining.started = false;
    logged = [];
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends a cached response, or 304 to a client that has it', async () => {
    const response = await send('GET', '/posts/1');
    const unchanged = await send('GET', '/posts/1', { headers: { 'If-None-Match': '"1"' } });

    expect([response.status, unchanged.status]).toEqual([200, 304]);
    expect(await response.json()).toEqual({ id: 1 });
    expect(response.headers.get('cache-control')).toBe('public, no-cache');
    expect(logged).toMatchObject([
      { method: 'GET', route: '/posts/:id', status: 200 },
      { method: 'GET', route: '/posts/:id', status: 304 },
    ]);
  });

  it('refuses a repeated request with problem details', async () => {
    const response = await repeat({ 'X-Request-Id': 'request-1' });

    expect(response.status).toBe(429);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ratelimit: '"tasks";r=0;t=30',
      'retry-after': '30',
      'x-request-id': 'request-1',
    });
    expect(await response.json()).toMatchObject({ status: 429, instance: '/tasks', request_id: 'request-1' });
    expect(logged).toMatchObject([{ method: 'POST', route: '/tasks', status: 429, userId: 7 }]);
  });

  it.each([
    ['another route', () => send('GET', '/posts/2')],
    ['another method', () => send('HEAD', '/posts/1')],
    ['no token', () => send('POST', '/tasks')],
    ['a token that is not known', () => repeat({ Authorization: 'Bearer other' })],
    ['a body', () => repeat({}, 'a=b')],
    ['the type of a body', () => repeat({ 'Content-Type': 'application/json' })],
  ])('routes a request with %s', async (_name, request) => {
    expect((await request()).status).toBe(ROUTED);
    expect(logged).toEqual([]);
  });

  it('routes all requests while the process drains', async () => {
    draining.start();

    expect([(await send('GET', '/posts/1')).status, (await repeat()).status]).toEqual([ROUTED, ROUTED]);
  });
});
