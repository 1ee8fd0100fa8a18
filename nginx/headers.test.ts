import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { closeAll, type Gateway, send, startGateway, startService, until } from './testing/gateway.ts';

const SITE = 'https://app.example';

let gateway: Gateway;
/** Behind a proxy, and with a site that may call it. */
let behindProxy: Gateway;

before(async () => {
  const services = await Promise.all(['auth', 'users'].map(startService));
  const [auth = '', users = ''] = services.map(({ address }) => address);
  const upstreams = { auth: [auth], users: [users], posts: [users] };
  gateway = await startGateway({ upstreams });
  behindProxy = await startGateway({ upstreams, trustedProxies: ['127.0.0.0/8'], corsOrigins: [SITE] });
});
after(closeAll);

describe('a response', () => {
  it('has the status, body and headers of the service', async () => {
    const { status, body, headers } = await send(gateway, '/api/v1/users', {
      headers: { 'x-answer': '404' },
    });

    assert.equal(status, 404);
    assert.equal(body.service, 'users');
    assert.equal(headers['cache-control'], 'public, no-cache');
  });

  it('has each security header and the request id once, also where the service sets them', async () => {
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
    assert.match(headers['content-security-policy'] ?? '', /default-src 'none'; frame-ancestors 'none'/);
    assert.equal(headers['strict-transport-security'], undefined);
    assert.equal(headers.server, 'nginx');
    assert.equal(headers['x-powered-by'], undefined);
  });

  it('allows scripts on the documentation pages only', async () => {
    const policyOf = async (path: string) =>
      (await send(gateway, path)).headers['content-security-policy'] ?? '';

    assert.match(await policyOf('/docs'), /script-src 'self'/);
    assert.doesNotMatch(await policyOf('/api/v1/docs/posts'), /script-src/);
  });

  it('is compressed when it is long', async () => {
    const { headers } = await send(gateway, '/api/v1/users', {
      headers: { 'accept-encoding': 'gzip', 'x-padding': '2000' },
    });

    assert.equal(headers['content-encoding'], 'gzip');
  });
});

describe('the request id', () => {
  it("is the client's when it is well-formed, for the service and in the response", async () => {
    const { headers, body } = await send(gateway, '/api/v1/users', {
      headers: { 'x-request-id': 'abc.DEF_123-4' },
    });

    assert.equal(headers['x-request-id'], 'abc.DEF_123-4');
    assert.equal(body.headers['x-request-id'], 'abc.DEF_123-4');
  });

  it("is a new one when the client's is not well-formed", async () => {
    for (const bad of ['short', 'a'.repeat(129), 'has a space', 'quote"quote', ['abcdefgh', 'ijklmnop']]) {
      const { headers, body } = await send(gateway, '/nothing', { headers: { 'x-request-id': bad } });

      assert.match(headers['x-request-id'] ?? '', /^[0-9a-f]{32}$|^abcdefgh$/, String(bad));
      assert.equal(body.request_id, headers['x-request-id']);
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

  it('of a client are overwritten', async () => {
    const { body, headers } = await send(gateway, '/api/v1/users', { headers: forged });

    assert.equal(body.headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(body.headers['x-real-ip'], '127.0.0.1');
    assert.equal(body.headers['x-forwarded-proto'], 'http');
    for (const name of ['x-forwarded-host', 'x-forwarded-port', 'forwarded'])
      assert.equal(body.headers[name], undefined, name);
    assert.equal(headers['strict-transport-security'], undefined);
  });

  it('of a trusted proxy name the client, not the addresses that the client claims', async () => {
    const { body, headers } = await send(behindProxy, '/api/v1/users', {
      headers: { ...forged, 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 127.0.0.7' },
    });

    assert.equal(body.headers['x-forwarded-for'], '203.0.113.9');
    assert.equal(body.headers['x-real-ip'], '203.0.113.9');
    assert.equal(body.headers['x-forwarded-proto'], 'https');
    assert.match(headers['strict-transport-security'] ?? '', /max-age=\d{8}/);
  });
});

describe('CORS', () => {
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: SITE, 'access-control-request-method': 'PATCH' },
  };

  it('is off by default', async () => {
    const { body, headers } = await send(gateway, '/api/v1/users', preflight);

    assert.equal(body.service, 'users');
    assert.ok(!Object.keys(headers).some((name) => name.startsWith('access-control')));
  });

  it('answers the preflight of a listed origin at the gateway', async () => {
    const { status, headers } = await send(behindProxy, '/api/v1/user/ann', preflight);

    assert.equal(status, 204);
    assert.equal(headers['access-control-allow-origin'], SITE);
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.match(headers['access-control-allow-methods'] ?? '', /PATCH/);
    assert.match(headers['access-control-allow-headers'] ?? '', /Authorization/);
    assert.match(headers['access-control-allow-headers'] ?? '', /Idempotency-Key/);
    assert.equal(headers.vary, 'Origin');
  });

  it('allows every method that reaches a service', async () => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { headers } = await send(behindProxy, '/api/v1/user/ann', {
        method: 'OPTIONS',
        headers: { origin: SITE, 'access-control-request-method': method },
      });
      const allowed = headers['access-control-allow-methods']?.split(', ');

      assert.ok(allowed?.includes(method), method);
      assert.notEqual((await send(gateway, '/api/v1/user/ann', { method })).status, 405, method);
    }
  });

  it('allows the headers of CORS_HEADERS, by default those that browsers and libraries send', async () => {
    const allowedBy = async (answering: Gateway) =>
      (await send(answering, '/api/v1/users', preflight)).headers['access-control-allow-headers'];
    const own = await startGateway({
      upstreams: {},
      corsOrigins: [SITE],
      corsHeaders: ['Authorization', 'X-Shop'],
    });

    assert.equal(await allowedBy(own), 'Authorization, X-Shop');
    const standard = await allowedBy(behindProxy);
    for (const header of [
      'X-Requested-With',
      'Sentry-Trace',
      'Cache-Control',
      'Traceparent',
      'Last-Event-ID',
    ])
      assert.ok(standard?.split(', ').includes(header), header);
  });

  it('lets a listed origin read responses and errors, and no other origin', async () => {
    for (const path of ['/api/v1/users', '/nothing']) {
      const from = async (origin: string) => (await send(behindProxy, path, { headers: { origin } })).headers;
      const listed = await from(SITE);
      const other = await from('https://app.example.evil.example');

      assert.equal(listed['access-control-allow-origin'], SITE);
      assert.equal(other['access-control-allow-origin'], undefined);
      assert.equal(other['access-control-allow-credentials'], undefined);
      assert.match(other.vary ?? '', /Origin/);
    }
  });
});

describe('the access log', () => {
  it('has a JSON line for each request, without its query and with a shortened address', async () => {
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
