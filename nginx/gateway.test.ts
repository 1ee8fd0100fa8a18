import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { renderGateway } from './render.ts';

const SITE = 'https://app.example';
/** Who answers which routes. */
const OWNERS = {
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
const closers = [];
const services = {};
let gateway;
let open; // a second gateway: trusts its neighbours, allows a site, users has a dead replica, and auth breaks

before(async () => {
  for (const name of Object.keys(OWNERS)) services[name] = await startService(name);
  const addresses = Object.fromEntries(
    Object.entries(services).map(([name, { address }]) => [name, [address]]),
  );
  const dead = `127.0.0.1:${await freePort()}`;
  const auth = await startBreakingService();
  gateway = await startGateway({ upstreams: addresses });
  open = await startGateway({
    upstreams: {
      ...addresses,
      users: [services.users.address, dead],
      auth: [auth.address, auth.twin],
    },
    trustedProxies: ['127.0.0.0/8'],
    corsOrigins: [SITE],
  });
  open.auth = auth;
});

after(async () => {
  for (const close of closers.reverse()) await close();
});

describe('routes', () => {
  for (const [owner, routes] of Object.entries(OWNERS)) {
    it(`of ${owner} reach it, with and without a trailing slash, the address unchanged`, async () => {
      for (const route of routes) {
        const [method, path] = route.split(' ');
        for (const address of [path, `${path}/`, `${path}?a=%20b&c`]) {
          const { body } = await send(gateway, address, { method });
          assert.deepEqual([body.service, body.method, body.url], [owner, method, address], route);
        }
      }
    });
  }

  it('that nobody owns are 404', async () => {
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
    for (const path of unknown) {
      assertProblem(await send(gateway, path), 404, 'Not Found', path);
    }
  });

  it('with the wrong method are left to their service', async () => {
    const { body } = await send(gateway, '/api/v1/login', { method: 'PUT' });

    assert.deepEqual([body.service, body.method], ['auth', 'PUT']);
  });

  it('of health are answered by any service that lives', async () => {
    for (let round = 0; round < 10; round += 1) {
      assert.equal((await send(open, '/api/v1/health')).status, 200);
      assert.equal((await send(gateway, '/api/v1/ready/')).status, 200);
    }
  });
});

describe('the answer of a service', () => {
  it('passes with its own status, body and headers', async () => {
    const answer = await send(gateway, '/api/v1/users', { headers: { 'x-answer': '404' } });

    assert.equal(answer.status, 404);
    assert.equal(answer.body.service, 'users');
    assert.equal(answer.headers['cache-control'], 'public, max-age=60');
  });

  it('has every security header and the request id once, also where the service sets them', async () => {
    const { headers, rawHeaders } = await send(gateway, '/api/v1/users');
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());

    for (const name of [
      'x-request-id',
      'x-content-type-options',
      'x-frame-options',
      'referrer-policy',
      'content-security-policy',
    ])
      assert.equal(names.filter((other) => other === name).length, 1, name);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.match(headers['content-security-policy'], /default-src 'none'; frame-ancestors 'none'/);
    assert.equal(headers['strict-transport-security'], undefined);
    assert.equal(headers.server, 'nginx');
    assert.equal(headers['x-powered-by'], undefined);
  });

  it('may run scripts of its own on the documentation pages only', async () => {
    assert.match((await send(gateway, '/docs')).headers['content-security-policy'], /script-src 'self'/);
    assert.doesNotMatch(
      (await send(gateway, '/api/v1/docs/posts')).headers['content-security-policy'],
      /script-src/,
    );
  });

  it('is compressed when it is long', async () => {
    const answer = await send(gateway, '/api/v1/users', {
      headers: { 'accept-encoding': 'gzip', 'x-padding': '2000' },
    });

    assert.equal(answer.headers['content-encoding'], 'gzip');
  });
});

describe('the request id', () => {
  it('is the caller’s when it is sane, for the service and in the answer', async () => {
    const answer = await send(gateway, '/api/v1/users', { headers: { 'x-request-id': 'abc.DEF_123-4' } });

    assert.equal(answer.headers['x-request-id'], 'abc.DEF_123-4');
    assert.equal(answer.body.headers['x-request-id'], 'abc.DEF_123-4');
  });

  it('is a new one when the caller’s is not', async () => {
    for (const bad of ['short', 'a'.repeat(129), 'has a space', 'quote"quote', ['abcdefgh', 'ijklmnop']]) {
      const answer = await send(gateway, '/nothing', { headers: { 'x-request-id': bad } });

      assert.match(answer.headers['x-request-id'], /^[0-9a-f]{32}$|^abcdefgh$/, String(bad));
      assert.equal(answer.body.request_id, answer.headers['x-request-id']);
    }
  });
});

describe('forwarding headers', () => {
  const forged = {
    'x-forwarded-for': '6.6.6.6',
    'x-real-ip': '6.6.6.6',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-port': '666',
    forwarded: 'for=6.6.6.6;proto=https',
  };

  it('of a client are overwritten with what the gateway saw', async () => {
    const { body, headers } = await send(gateway, '/api/v1/users', { headers: forged });

    assert.equal(body.headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(body.headers['x-real-ip'], '127.0.0.1');
    assert.equal(body.headers['x-forwarded-proto'], 'http');
    for (const name of ['x-forwarded-host', 'x-forwarded-port', 'forwarded'])
      assert.equal(body.headers[name], undefined, name);
    assert.equal(headers['strict-transport-security'], undefined);
  });

  it('of a trusted proxy name the client, not what the client had put before it', async () => {
    const { body, headers } = await send(open, '/api/v1/users', {
      headers: { ...forged, 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 127.0.0.7' },
    });

    assert.equal(body.headers['x-forwarded-for'], '203.0.113.9');
    assert.equal(body.headers['x-real-ip'], '203.0.113.9');
    assert.equal(body.headers['x-forwarded-proto'], 'https');
    assert.match(headers['strict-transport-security'], /max-age=\d{8}/);
  });
});

describe('a service that is away', () => {
  it('costs its own routes only: 503 at once, with Retry-After', async () => {
    const users = [services.users.address];
    const missing = await startGateway({ upstreams: { users } });
    const dead = await startGateway({ upstreams: { users, auth: [`127.0.0.1:${await freePort()}`] } });
    const start = Date.now();
    for (const away of [missing, dead]) {
      const answer = await send(away, '/api/v1/sessions');
      assertProblem(answer, 503, 'The service is temporarily unavailable.', '/api/v1/sessions');
      assert.equal(answer.headers['retry-after'], '1');
      assertProblem(await send(away, '/api/v1/sessions/1', { method: 'DELETE' }), 503);
      assert.equal((await send(away, '/api/v1/users')).status, 200);
    }
    assert.ok(Date.now() - start < 1_500);
  });

  it('is not noticed while another replica lives', async () => {
    for (let round = 0; round < 20; round += 1)
      for (const method of ['GET', 'POST', 'PATCH'])
        assert.equal((await send(open, '/api/v1/user/ann', { method })).status, 200);
  });

  it('is not noticed by a DELETE either', async () => {
    for (let round = 0; round < 20; round += 1)
      assert.equal((await send(open, '/api/v1/user/ann', { method: 'DELETE' })).body.url, '/api/v1/user/ann');
  });

  it('never gets a write twice: one that was sent and then broke is 503', async () => {
    for (const method of ['DELETE', 'POST', 'PATCH']) {
      open.auth.seen.length = 0;
      const answer = await send(open, '/api/v1/sessions/1', { method });

      assertProblem(answer, 503, 'The service is temporarily unavailable.', '/api/v1/sessions/1');
      assert.deepEqual(open.auth.seen, [method]);
    }
  });
});

describe('a service that has as much in work as it may', () => {
  it('gets no more: the rest is 503 at once', async () => {
    const { waiting, release } = services.auth;
    const wait = { headers: { 'x-wait': '1' } };
    const asked = Array.from({ length: 128 }, () => send(gateway, '/api/v1/sessions', wait));
    await until(() => waiting.length === 128);

    const refused = await Promise.all([
      send(gateway, '/api/v1/sessions'),
      send(gateway, '/api/v1/logout', { method: 'POST' }),
      send(gateway, '/api/v1/sessions/1', { method: 'DELETE' }),
    ]);
    const other = await send(gateway, '/api/v1/users');
    release();

    for (const answer of refused) assertProblem(answer, 503, 'The service is temporarily unavailable.');
    assert.equal(refused[0].headers['retry-after'], '1');
    assert.equal(other.status, 200);
    for (const answer of await Promise.all(asked)) assert.equal(answer.status, 200);
    assert.equal((await send(gateway, '/api/v1/sessions')).status, 200);
  });
});

describe('limits', () => {
  it('refuse a body that is too long', async () => {
    const login = await send(gateway, '/api/v1/login', { method: 'POST', body: 'x'.repeat(17_000) });

    assertProblem(login, 413, 'Payload Too Large', '/api/v1/login');
  });

  // #region only with posts
  it('take the longest legal post, and nothing that is longer', async () => {
    const post = await send(gateway, '/api/v1/ann/post', {
      method: 'POST',
      body: '\\ud83d\\ude00'.repeat(63_206),
    });
    const huge = await send(gateway, '/api/v1/ann/post', { method: 'POST', body: 'x'.repeat(900_000) });

    assert.equal(post.body.bytes, 758_472);
    assertProblem(huge, 413, 'Payload Too Large', '/api/v1/ann/post');
  });
  // #endregion

  it('refuse a chunked body that is too long', async () => {
    const headers = { 'transfer-encoding': 'chunked' };
    const answer = await send(gateway, '/api/v1/login', {
      method: 'POST',
      headers,
      body: 'x'.repeat(17_000),
    });

    assertProblem(answer, 413, 'Payload Too Large', '/api/v1/login');
  });

  it('refuse an address that is too long', async () => {
    assertProblem(await send(gateway, `/api/v1/user/${'a'.repeat(9_000)}`), 414, 'URI Too Long');
    assertProblem(await send(gateway, `/api/v1/user/${'a'.repeat(140_000)}`), 414, 'URI Too Long', '');
  });

  // #region only with jobs
  it('take the longest legal message of a task', async () => {
    const message = '%F0%9F%98%80'.repeat(10_000);

    assertProblem(await send(gateway, `/api/v1/tasks/task?message=${message}`, { method: 'POST' }), 503);
  });
  // #endregion

  it('refuse headers that are too long', async () => {
    const long = await send(gateway, '/api/v1/users', { headers: { 'x-long': 'a'.repeat(13_000) } });
    const longer = await send(gateway, '/api/v1/users', { headers: { 'x-long': 'a'.repeat(140_000) } });

    assertProblem(long, 431, 'Request Header Fields Too Large', '/api/v1/users');
    assertProblem(longer, 431, 'Request Header Fields Too Large');
  });
});

describe('what one client may use up', () => {
  let strict; // the gateway as it is, but for three requests at a time, and hardly any more after them
  before(async () => {
    strict = await startGateway({
      upstreams: { users: [services.users.address] },
      trustedProxies: ['127.0.0.0/8'],
      rewrite: (text) =>
        replaced(replaced(text, 'rate=20000r/s', 'rate=1r/m'), 'burst=20000 nodelay', 'burst=2 nodelay'),
    });
  });
  const from = (address) => send(strict, '/api/v1/users', { headers: { 'x-forwarded-for': address } });
  const networks = {
    'an IPv4 address': {
      own: ['203.0.113.7', '203.0.113.7', '203.0.113.7', '203.0.113.7', '::ffff:203.0.113.7'],
      other: '203.0.113.8',
    },
    'the first 64 bits of an IPv6 address': {
      own: ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:a:b:c:d', '2001:DB8:1:2:0:1::'],
      other: '2001:db8:1:3::1',
    },
    'the first 64 bits, where they are written short': {
      own: ['2001:db8::1', '2001:db8:0:0:1:2:3:4', '2001:db8::a:b:c:d', '2001:db8::2'],
      other: '2001:db8:0:1::1',
    },
  };

  for (const [whose, { own, other }] of Object.entries(networks))
    it(`is counted by ${whose}`, async () => {
      const statuses = [];
      for (const address of own) statuses.push((await from(address)).status);

      assert.deepEqual(
        statuses,
        own.map((_, index) => (index < 3 ? 200 : 429)),
      );
      assertProblem(await from(own[0]), 429, 'Rate limit exceeded.', '/api/v1/users');
      assert.equal((await from(other)).status, 200);
    });
});

describe('clients that send a body byte by byte', () => {
  let strict; // the gateway as it is, but for three connections of a network
  before(async () => {
    strict = await startGateway({
      upstreams: { users: [services.users.address] },
      trustedProxies: ['127.0.0.0/8'],
      rewrite: (text) => replaced(text, 'limit_conn connections 512', 'limit_conn connections 3'),
    });
  });

  it('have so many connections of a network, and no more; others have theirs', async () => {
    const sockets = [];
    for (let client = 1; client <= 3; client += 1) {
      const socket = net.connect(strict.port, '127.0.0.1').on('error', () => {});
      const head = `POST /api/v1/user HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 2001:db8::${client}\r\n`;
      socket.write(`${head}Expect: 100-continue\r\nContent-Length: 9000\r\n\r\n`);
      assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 100 /);
      sockets.push(socket);
    }
    const from = (address) => send(strict, '/api/v1/users', { headers: { 'x-forwarded-for': address } });

    assertProblem(await from('2001:db8::4'), 429, 'Rate limit exceeded.', '/api/v1/users');
    assert.equal((await from('2001:db8:0:1::1')).status, 200);
    for (const socket of sockets) socket.destroy();
  });
});

describe('a request that is no good', () => {
  const raw = {
    'has no host': 'GET / HTTP/1.1\r\n\r\n',
    'has two hosts': 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    'has a length and chunks':
      'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'has two lengths':
      'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd',
    'climbs out of the root': 'GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n',
    'has a NUL in its address': 'GET /api/v1/user/%00 HTTP/1.1\r\nHost: a\r\n\r\n',
    'is not HTTP': 'HELLO\r\n\r\n',
  };
  for (const [what, text] of Object.entries(raw))
    it(`(${what}) is 400 as problem details`, async () => {
      const { status, headers, body } = await sendRaw(gateway, text);

      assertProblem({ status, headers, body }, 400, 'Bad Request');
    });

  it('(an unknown transfer encoding) is 501, (a TRACE) is 405', async () => {
    const coding = await sendRaw(
      gateway,
      'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n',
    );
    const trace = await sendRaw(gateway, 'TRACE /api/v1/users HTTP/1.1\r\nHost: a\r\n\r\n');

    assertProblem(coding, 501, 'Not Implemented');
    assertProblem(trace, 405, 'Method Not Allowed');
    assert.match(trace.headers.allow, /GET/);
  });

  it('cannot write anything of its own into the problem', async () => {
    const answer = await sendRaw(
      gateway,
      'GET /no"thing\\,"a":1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: ","a":"b\r\n\r\n',
    );

    assert.deepEqual(Object.keys(answer.body), [
      'type',
      'title',
      'status',
      'detail',
      'instance',
      'request_id',
    ]);
  });
});

describe('CORS', () => {
  const ask = { origin: SITE, 'access-control-request-method': 'PATCH' };

  it('is off by default', async () => {
    const answer = await send(gateway, '/api/v1/users', { method: 'OPTIONS', headers: ask });

    assert.equal(answer.body.service, 'users');
    assert.ok(!Object.keys(answer.headers).some((name) => name.startsWith('access-control')));
  });

  it('answers the preflight of a listed site at the gateway', async () => {
    const { status, headers } = await send(open, '/api/v1/user/ann', { method: 'OPTIONS', headers: ask });

    assert.equal(status, 204);
    assert.equal(headers['access-control-allow-origin'], SITE);
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.match(headers['access-control-allow-methods'], /PATCH/);
    assert.match(headers['access-control-allow-headers'], /Authorization/);
    assert.match(headers['access-control-allow-headers'], /Idempotency-Key/);
    assert.equal(headers.vary, 'Origin');
  });

  it('lets a listed site read answers and errors, and no other site', async () => {
    for (const path of ['/api/v1/users', '/nothing']) {
      const listed = await send(open, path, { headers: { origin: SITE } });
      const other = await send(open, path, { headers: { origin: 'https://app.example.evil.example' } });

      assert.equal(listed.headers['access-control-allow-origin'], SITE);
      assert.equal(other.headers['access-control-allow-origin'], undefined);
      assert.equal(other.headers['access-control-allow-credentials'], undefined);
      assert.match(other.headers.vary, /Origin/);
    }
  });
});

describe('with a certificate', () => {
  let secure;
  let dir;
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'gateway-tls-'));
    chmodSync(dir, 0o755);
    closers.push(() => rmSync(dir, { recursive: true }));
    makeCertificate(dir);
    mkdirSync(join(dir, '.well-known/acme-challenge'), { recursive: true });
    writeFileSync(join(dir, '.well-known/acme-challenge/token'), 'the answer');
    const tlsPort = await freePort();
    const files = { certificate: join(dir, 'tls_certificate'), key: join(dir, 'tls_key'), acme: dir };
    secure = await startGateway({
      upstreams: { users: [services.users.address] },
      tls: { listen: `127.0.0.1:${tlsPort}`, ...files },
    });
    secure.tlsPort = tlsPort;
  });

  it('the API is there over TLS, and says so', async () => {
    const ca = readFileSync(join(dir, 'tls_certificate'));
    const { status, headers, body } = await send({ port: secure.tlsPort, tls: { ca } }, '/api/v1/users');

    assert.deepEqual([status, body.service, body.headers['x-forwarded-proto']], [200, 'users', 'https']);
    assert.match(headers['strict-transport-security'], /max-age=\d{8}/);
  });

  it('plain requests are sent there, whatever their method', async () => {
    for (const method of ['GET', 'POST']) {
      const { status, headers } = await send(secure, '/api/v1/users?a=b', {
        method,
        headers: { host: 'api.example' },
      });
      assert.deepEqual([status, headers.location], [308, 'https://api.example/api/v1/users?a=b']);
    }
  });

  it('a certificate authority finds its answers without TLS', async () => {
    const { status, body } = await send(secure, '/.well-known/acme-challenge/token');

    assert.deepEqual([status, body], [200, 'the answer']);
  });
});

describe('settings', () => {
  it('that are not of their form are refused', () => {
    const settings = { runDir: mkdtempSync(join(tmpdir(), 'gateway-')), listen: '8000', upstreams: {} };
    closers.push(() => rmSync(settings.runDir, { recursive: true }));

    for (const bad of [
      { corsOrigins: ['*'] },
      { corsOrigins: ['https://a;'] },
      { trustedProxies: ['everyone'] },
      { listen: '80; x' },
    ])
      assert.throws(() => renderGateway({ ...settings, ...bad }), /is not of the form/);
  });
});

describe('the access log', () => {
  it('is JSON lines with what was asked, without queries and with shortened addresses', async () => {
    const headers = { 'x-request-id': 'logged-request' };
    await send(gateway, '/api/v1/login?secret=token1', { method: 'POST', headers, body: 'x'.repeat(17_000) });
    const line = await until(() => gateway.log().find((entry) => entry.request_id === 'logged-request'));

    assert.deepEqual(
      [line.method, line.path, line.status, line.address],
      ['POST', '/api/v1/login', 413, '127.0.0.0'],
    );
    assert.ok(!JSON.stringify(gateway.log()).includes('token1'));
  });
});

function assertProblem({ status, headers, body }, expected, detail, instance) {
  assert.equal(status, expected, JSON.stringify(body));
  assert.equal(headers['content-type'], 'application/problem+json');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(body.status, expected);
  assert.match(body.type, /^urn:problem:[a-z-]+$/);
  assert.equal(body.title, http.STATUS_CODES[expected]);
  assert.equal(body.request_id, headers['x-request-id']);
  if (detail !== undefined) assert.equal(body.detail, detail);
  if (instance?.startsWith('/api') && !instance.includes('..')) assert.equal(body.instance, instance);
}

function send({ port, tls }, path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = (tls ? https : http).request({
      ...tls,
      host: '127.0.0.1',
      port,
      path,
      method,
      headers,
      agent: false,
      timeout: 5_000,
    });
    request.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const readable =
          response.headers['content-type']?.includes('json') && !response.headers['content-encoding'];
        resolve({
          status: response.statusCode,
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          body: readable && text ? JSON.parse(text) : text,
        });
      });
    });
    let answered = false;
    request.on('response', () => (answered = true));
    // A refusal may come, and the connection close, before the whole request is out.
    request.on('error', (error) => answered || reject(error));
    request.end(body);
  });
}

async function sendRaw({ port }, text) {
  const socket = net.connect(port, '127.0.0.1');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  const [head, body] = answer.split('\r\n\r\n');
  const [statusLine, ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(': ')[0].toLowerCase(), line.split(': ')[1]]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: JSON.parse(body) };
}

/** Signed by itself, for this machine. */
function makeCertificate(dir) {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', join(dir, 'tls_key'), '-out', join(dir, 'tls_certificate')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files], {
    stdio: 'ignore',
  });
}

/** Echoes what it got, with headers that the gateway must replace. What is asked to wait goes on by `release`. */
async function startService(service) {
  const waiting = [];
  const server = http.createServer(async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    const { method, url, headers } = request;
    if (headers['x-wait']) await new Promise((resolve) => waiting.push(resolve));
    response.writeHead(Number(headers['x-answer'] ?? 200), {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=60',
      'x-request-id': 'of-the-service',
      'x-frame-options': 'SAMEORIGIN',
      'content-security-policy': 'default-src *',
      'x-powered-by': 'magic',
    });
    const padding = 'x'.repeat(Number(headers['x-padding'] ?? 0));
    response.end(JSON.stringify({ service, method, url, headers, bytes, padding }));
  });
  server.keepAliveTimeout = 75_000;
  const release = () => waiting.splice(0).forEach((resume) => resume());
  return { waiting, release, address: await listen(server, () => server.closeAllConnections()) };
}

/** Two replicas that read a request and break the connection. */
async function startBreakingService() {
  const seen = [];
  const create = () =>
    net.createServer((socket) =>
      socket
        .on('error', () => {})
        .once('data', (data) => {
          seen.push(String(data).split(' ')[0]);
          socket.destroy();
        }),
    );
  return { seen, address: await listen(create()), twin: await listen(create()) };
}

async function startGateway({ rewrite, ...settings }) {
  const port = await freePort();
  const runDir = mkdtempSync(join(tmpdir(), 'gateway-'));
  chmodSync(runDir, 0o755);
  const file = renderGateway({ runDir, listen: `127.0.0.1:${port}`, ...settings });
  if (rewrite) writeFileSync(file, rewrite(readFileSync(file, 'utf8')));
  const child = spawn('nginx', ['-p', runDir, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const stopped = once(child, 'exit');
  closers.push(async () => {
    child.kill('SIGTERM');
    await stopped;
    rmSync(runDir, { recursive: true });
  });
  await until(() => child.exitCode !== null || canConnect(port));
  assert.equal(child.exitCode, null, 'nginx did not start');
  const log = () =>
    readFileSync(join(runDir, 'access.log'), 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { port, log };
}

function replaced(text, old, by) {
  assert.ok(text.includes(old), `nginx.conf has no "${old}" any more`);
  return text.replace(old, by);
}

async function listen(server, beforeClose = () => {}) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => new Promise((resolve) => (server.close(resolve), beforeClose())));
  return `127.0.0.1:${server.address().port}`;
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)));
    socket.on('error', () => resolve(false));
  });
}

async function until(condition, timeoutMs = 5_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
