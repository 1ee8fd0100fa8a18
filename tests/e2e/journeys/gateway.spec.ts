import { describe, expect, it } from '@jest/globals';
import { expectInvalid, expectProblem } from '../support/expectations.ts';
import { api, gateway } from '../../support/api.ts';
import { createUser } from '../../support/users.ts';

describe('a path', () => {
  it.each([
    '/',
    '/nothing',
    '/api/v1/nothing',
    '/api/v1/user/me/nothing',
    '/api/v2/users',
    '/metrics',
    '/api/v1/metrics',
    '/health/live',
    '/health/ready',
    '/api/v1/health/ready',
    '/openapi.json/nothing',
    '/docs/nothing.js',
    '/.env',
  ] as const)('returns 404 when no service has it: %s', async (path) => {
    expectProblem(await gateway(`GET ${path}`), 404, 'Not Found');
  });

  it.each([
    ['PUT /user/me', ['GET']],
    ['DELETE /users', ['GET']],
    ['GET /login', ['POST']],
    ['POST /tiers', ['GET']],
    ['PUT /tier/free', ['GET', 'PATCH', 'DELETE']],
  ] as const)('returns 405 with the allowed methods for another method: %s', async (route, methods) => {
    const response = await api(route);

    expectProblem(response, 405, 'Method Not Allowed');
    expect(response.headers.get('Allow')?.split(', ')).toEqual(expect.arrayContaining([...methods]));
  });

  it('may end with a slash', async () => {
    const { username, token } = await createUser();

    expect((await api('GET /user/me/', { token })).body.username).toBe(username);
    expect((await api('GET /tiers/?page=1')).status).toBe(200);
    expectProblem(await api('POST /user/', { body: [] }), 422);
  });

  it('supports HEAD when it supports GET', async () => {
    const { username, token } = await createUser();
    for (const path of ['/users', `/user/${username}`, '/user/me', '/health'] as const) {
      const [head, get] = [await api(`HEAD ${path}`, { token }), await api(`GET ${path}`, { token })];
      expect([head.status, head.text]).toEqual([200, '']);
      expect(head.headers.get('Content-Type')).toBe(get.headers.get('Content-Type'));
    }
  });
});

describe('every response', () => {
  it('has the request id of the client when that is valid', async () => {
    const headers = { 'X-Request-Id': 'my-request.0001' };
    const responses = [await api('GET /users', { headers }), await gateway('GET /nothing', { headers })];

    for (const response of responses) expect(response.headers.get('X-Request-Id')).toBe('my-request.0001');
    expect(responses[1]!.body.request_id).toBe('my-request.0001');
  });

  it('has a new request id when the client sends an invalid one or none', async () => {
    for (const id of ['{"a":1}', 'x'.repeat(300), '']) {
      const response = await api('GET /user/unknownuser', { headers: { 'X-Request-Id': id } });
      expectProblem(response, 404);
      expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{32,36}$/);
    }
  });

  it.each(['/api/v1/users', '/api/v1/user/me', '/nothing', '/docs', '/openapi.json'] as const)(
    'has security headers: %s',
    async (path) => {
      const { headers } = await gateway(`GET ${path}`);

      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('X-Frame-Options')).toBe('DENY');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
      expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'/);
      expect(headers.get('X-Powered-By')).toBeNull();
      expect(headers.get('Server') ?? '').not.toMatch(/\d/);
    },
  );
});

describe('caching', () => {
  it('lets clients revalidate public responses', async () => {
    const { username } = await createUser();
    for (const path of ['/users', '/tiers', '/tier/free', `/user/${username}`] as const) {
      const first = await api(`GET ${path}`);
      const ETag = first.headers.get('ETag')!.replace('W/', '');
      const again = await api(`GET ${path}`, { headers: { 'If-None-Match': ETag } });
      const other = await api(`GET ${path}`, { headers: { 'If-None-Match': '"other"' } });

      expect([first.status, first.headers.get('Cache-Control')]).toEqual([200, 'public, no-cache']);
      expect([again.status, again.text, again.headers.get('ETag')]).toEqual([304, '', ETag]);
      expect(other.status).toBe(200);
    }
  });

  it('is forbidden for tokens, own data and errors', async () => {
    const { username, password, token } = await createUser();
    const responses = [
      await api('POST /login', { form: { username, password } }),
      await api('GET /user/me', { token }),
      await api('GET /user/me/usage', { token }),
      await api('GET /sessions', { token }),
      await api('GET /user/unknownuser'),
      await api('GET /user/me'),
      await api('GET /users?page=0'),
      await gateway('GET /nothing'),
    ];

    for (const { headers } of responses) expect(headers.get('Cache-Control')).toBe('no-store');
  });
});

describe('a request body', () => {
  it('is refused by the gateway when it is too large', async () => {
    const { username } = await createUser();
    const login = await api('POST /login', { form: { username, password: 'x'.repeat(20_000) } });

    expectProblem(login, 413, 'Payload Too Large');
  });

  it('is refused before all other checks when it is no JSON', async () => {
    const json = { 'Content-Type': 'application/json' };
    const broken = await api('POST /user', { raw: '{"name":', headers: json });
    const nested = await api('POST /user', { raw: `${'['.repeat(40)}${']'.repeat(40)}`, headers: json });

    expectInvalid(broken, { loc: ['body'], type: 'json_invalid' });
    expectProblem(nested, 400);
  });

  it('is refused when it has another content type', async () => {
    const headers = { 'Content-Type': 'text/plain' };

    expectProblem(await api('POST /user', { raw: '{}', headers }), 415, 'Unsupported Media Type');
    expectProblem(await api('POST /user', { form: { name: 'User' } }), 415, 'Unsupported Media Type');
  });

  it('is refused when it contains NUL or a lone surrogate', async () => {
    const { token, username } = await createUser();
    for (const name of ['a\0b', 'a\ud800b']) {
      expectProblem(await api(`PATCH /user/${username}`, { token, body: { name } }), 422);
    }
    for (const path of ['/user/%00', '/user/%ff', '/user/%zz', '/tier/%00'] as const) {
      expect([400, 404, 422]).toContain((await api(`GET ${path}`)).status);
    }
  });
});
