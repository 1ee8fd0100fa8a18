import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { renderGateway } from './render.ts';
import { freePort } from '../tools/lib/ports.ts';
import {
  assertProblem,
  closeAll,
  type Gateway,
  makeFolder,
  send,
  sendRaw,
  startGateway,
  startService,
} from './testing/gateway.ts';

/** Service → routes that it answers. */
const ROUTES = {
  auth: [
    'POST /api/v1/login',
    'POST /api/v1/refresh',
    'POST /api/v1/logout',
    'POST /api/v1/logout-all',
    'GET /api/v1/sessions',
    'DELETE /api/v1/sessions/0193',
    'POST /api/v1/user/me/password',
    'GET /.well-known/jwks.json',
    'GET /docs',
    'GET /docs/swagger-ui.css',
    'GET /redoc',
    'GET /openapi.json',
  ],
  users: [
    'POST /api/v1/user',
    'GET /api/v1/users',
    'GET /api/v1/user/me',
    'GET /api/v1/user/me/usage',
    'PATCH /api/v1/user/ann',
    'DELETE /api/v1/db_user/ann',
    'GET /api/v1/user/ann/rate_limits',
    'PATCH /api/v1/user/ann/tier',
    'GET /api/v1/user/posts',
    'POST /api/v1/tier',
    'GET /api/v1/tiers',
    'DELETE /api/v1/tier/free',
    'GET /api/v1/tier/posts',
    'POST /api/v1/tier/free/rate_limit',
    'GET /api/v1/tier/free/rate_limits',
    'PATCH /api/v1/tier/free/rate_limit/3',
  ],
  // #region only with posts
  posts: [
    'POST /api/v1/ann/post',
    'GET /api/v1/ann/posts',
    'GET /api/v1/ann/post/7',
    'PATCH /api/v1/ann/post/7',
    'DELETE /api/v1/ann/post/7',
    'DELETE /api/v1/ann/db_post/7',
  ],
  // #endregion
};

let gateway: Gateway;
let withoutAuth: Gateway;

before(async () => {
  const upstreams: Record<string, string[]> = {};
  for (const name of Object.keys(ROUTES)) upstreams[name] = [(await startService(name)).address];
  gateway = await startGateway({ upstreams });
  withoutAuth = await startGateway({ upstreams: { ...upstreams, auth: [`127.0.0.1:${await freePort()}`] } });
});
after(closeAll);

describe('a route', () => {
  for (const [service, routes] of Object.entries(ROUTES)) {
    it(`of ${service} reaches it, with and without a trailing slash, with the URL unchanged`, async () => {
      for (const route of routes) {
        const [method = '', path] = route.split(' ');
        for (const url of [`${path}`, `${path}/`, `${path}?a=%20b&c`]) {
          const { body } = await send(gateway, url, { method });
          assert.deepEqual([body.service, body.method, body.url], [service, method, url], route);
        }
      }
    });
  }

  it('that no service has is 404', async () => {
    const unknown = [
      '/',
      '/api',
      '/api/v1',
      '/api/v1/nothing',
      '/api/v2/user',
      '/health',
      '/health/ready',
      '/metrics',
      '/internal',
      '/api/v1/login/x',
      '/api/v1/ann/post/7/x',
      '/api/v1/users/x',
      '/api/v1/tasks/x/y/z',
      '//api/v1/users',
      '/.problem',
      '/.delete',
      '/api/v1/ann/post/../../../../metrics',
      '/api/v1/ann/post/%2e%2e/%2e%2e/%2e%2e/%2e%2e/metrics',
      '/docsx',
    ];
    for (const path of unknown) assertProblem(await send(gateway, path), 404, 'Not Found', path);
  });

  it('with a wrong method reaches its service, which refuses it', async () => {
    const { body } = await send(gateway, '/api/v1/login', { method: 'PUT' });

    assert.deepEqual([body.service, body.method], ['auth', 'PUT']);
  });

  it('with a method that no service has reaches its service as TRACE', async () => {
    for (const method of ['FOO', 'QUERY', 'PROPFIND', 'TRACE']) {
      const { body } = await send(gateway, '/api/v1/user/me', { method });
      assert.deepEqual([body.service, body.method, body.url], ['users', 'TRACE', '/api/v1/user/me'], method);
    }
  });

  it('that is internal is 404 with every method', async () => {
    for (const method of ['GET', 'FOO', 'TRACE', 'CONNECT'])
      for (const path of ['/.problem', '/.delete', '/nothing']) {
        const request = `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
        assertProblem(await sendRaw(gateway, request), 404, 'Not Found');
      }
  });

  it('of health is answered by any available service', async () => {
    for (let round = 0; round < 10; round += 1) {
      assert.equal((await send(withoutAuth, '/api/v1/health')).status, 200);
      assert.equal((await send(gateway, '/api/v1/ready/')).status, 200);
    }
  });
});

describe('renderGateway', () => {
  it('makes the gateway listen on every given address', () => {
    const runDir = makeFolder();

    renderGateway({ runDir, listen: ['127.0.0.1:8000', '[::1]:8000'], upstreams: {} });

    const listening = readFileSync(join(runDir, 'listen.conf'), 'utf8');
    assert.match(listening, /^listen 127\.0\.0\.1:8000 .*;\nlisten \[::1\]:8000 .*;\n$/);
  });

  it('refuses a setting that does not have its form', () => {
    const settings = { runDir: makeFolder(), listen: ['8000'], upstreams: {} };

    for (const bad of [
      { corsOrigins: ['*'] },
      { corsOrigins: ['https://a;'] },
      { corsHeaders: ['X-A, *'] },
      { trustedProxies: ['everyone'] },
      { listen: ['80; x'] },
    ])
      assert.throws(() => renderGateway({ ...settings, ...bad }), /is not of the form/);
  });
});
