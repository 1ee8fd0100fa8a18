import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type TestApp, waitFor } from '@repo/testing';
import {
  otherUser,
  createTier,
  fieldErrors,
  refusal,
  signUp,
  signUpOf,
  startUsersApp,
  superuser,
  unique,
} from './users-app.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('rules for every route', () => {
  let app: TestApp;
  let api: Api;

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
  });
  afterAll(() => app.close());

  describe('errors', () => {
    it('have a problem details body', async () => {
      const response = await api('GET /tier/unknown?x=1', { headers: { 'X-Request-Id': 'request-of-mine' } });

      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.body).toEqual({
        type: expect.any(String),
        title: 'Not Found',
        status: 404,
        detail: 'Tier not found',
        instance: '/api/v1/tier/unknown',
        request_id: 'request-of-mine',
      });
    });

    it('report every invalid field, and have a string as detail', async () => {
      const response = await api('POST /tier', { token: superuser, body: { extra: 1 } });

      expect(response.status).toBe(422);
      expect(response.body.detail).toEqual(expect.any(String));
      expect(response.body.errors).toEqual(
        expect.arrayContaining([
          { loc: ['body', 'name'], type: 'missing', msg: expect.any(String) },
          { loc: ['body', 'extra'], type: 'extra_forbidden', msg: expect.any(String) },
        ]),
      );
      expect(response.body.errors).toHaveLength(2);
    });

    it('have status 404 for an unknown path', async () => {
      expect(refusal(await api('GET /nothing/here/at/all'))).toEqual({ status: 404, detail: 'Not Found' });
    });

    it.each([
      ['PUT /tier', 'POST'],
      ['PUT /tiers', 'GET, HEAD'],
      ['POST /users/', 'GET, HEAD'],
      ['PUT /user/userson', 'DELETE, GET, HEAD, PATCH'],
      ['GET /db_user/userson', 'DELETE'],
      ['PATCH /user/me', 'GET, HEAD'],
      ['DELETE /user/me/', 'GET, HEAD'],
    ] as const)('have status 405 for %s, with the allowed methods', async (route, allow) => {
      const response = await api(route);

      expect(refusal(response)).toEqual({ status: 405, detail: 'Method Not Allowed' });
      expect(response.headers.get('allow')).toBe(allow);
    });
  });

  describe('OPTIONS', () => {
    it.each([
      ['OPTIONS /users', 'GET, HEAD'],
      ['OPTIONS /user/me', 'GET, HEAD'],
      ['OPTIONS /user/userson', 'DELETE, GET, HEAD, PATCH'],
      ['OPTIONS /tier/free/rate_limit/1/', 'DELETE, GET, HEAD, PATCH'],
    ] as const)('returns 204 for %s, with the methods of the path', async (route, allow) => {
      const { status, text, headers } = await api(route);

      expect([status, text, headers.get('allow')]).toEqual([204, '', allow]);
    });

    it('returns 404 for an unknown path', async () => {
      expect(refusal(await api('OPTIONS /nothing'))).toEqual({ status: 404, detail: 'Not Found' });
    });
  });

  describe('the order of checks', () => {
    it('returns 422 for invalid JSON before it checks the token', async () => {
      const response = await api('POST /tier', { raw: '{"name": ', headers: JSON_TYPE });

      expect(response.status).toBe(422);
      expect(response.body.errors).toEqual([
        { loc: ['body'], type: 'json_invalid', msg: expect.any(String) },
      ]);
    });

    it('returns 401 without a token before it checks the privileges', async () => {
      expect((await api('POST /tier', { body: {} })).status).toBe(401);
    });

    it('returns 403 without privileges before it validates the fields', async () => {
      expect((await api('POST /tier', { token: otherUser, body: {} })).status).toBe(403);
    });

    it('returns 422 for invalid fields before it reads the resource', async () => {
      expect((await api(`PATCH /tier/${unique()}`, { token: superuser, body: { name: '' } })).status).toBe(
        422,
      );
    });

    it('returns 404 for an unknown resource before it checks the owner', async () => {
      expect(
        (await api(`PATCH /user/${unique()}`, { token: otherUser, body: { name: 'Other' } })).status,
      ).toBe(404);
    });

    it('returns 403 for the resource of another user before it checks whether a username is taken', async () => {
      const { username } = await signUp(api);
      const other = await signUp(api);

      const response = await api(`PATCH /user/${username}`, {
        token: otherUser,
        body: { username: other.username },
      });

      expect(response.status).toBe(403);
    });
  });

  describe('paths', () => {
    it('return the same with and without a trailing slash', async () => {
      const { token } = await signUp(api);

      expect((await api('GET /user/me/', { token })).body).toEqual(
        (await api('GET /user/me', { token })).body,
      );
      expect((await api('POST /tier/', { token: superuser, body: { name: unique() } })).status).toBe(201);
    });

    it('support HEAD when they support GET', async () => {
      const { username, token } = await signUp(api);
      const get = await api(`GET /user/${username}`);

      const head = await api(`HEAD /user/${username}`);

      expect([head.status, head.text]).toEqual([200, '']);
      for (const name of ['etag', 'cache-control', 'content-type', 'content-length']) {
        expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
      }
      expect((await api('HEAD /user/me', { token })).status).toBe(200);
      expect((await api('HEAD /user/me')).status).toBe(401);
    });

    it.each(['%ff', '%', '%00', '%ED%A0%80'])('return a 4xx status when they contain %s', async (text) => {
      expect([400, 404, 422]).toContain((await api(`GET /user/${text}`)).status);
    });
  });

  describe('bodies', () => {
    it.each([
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'multipart/form-data',
      'application/json; charset=utf-16',
      'application/json; charset="unknown"',
    ])('return 415 with the content type %s', async (type) => {
      const response = await api('POST /user', {
        raw: JSON.stringify(signUpOf()),
        headers: { 'Content-Type': type },
      });

      expect(refusal(response)).toEqual({ status: 415, detail: 'Unsupported Media Type' });
    });

    it('are accepted when the content type has the charset utf-8', async () => {
      const headers = { 'Content-Type': 'application/json; charset=utf-8' };

      expect((await api('POST /user', { raw: JSON.stringify(signUpOf()), headers })).status).toBe(201);
    });

    it.each([['[]'], ['"text"'], ['12'], ['null']])('return 422 when they are %j', async (raw) => {
      expect((await api('POST /user', { raw, headers: JSON_TYPE })).status).toBe(422);
    });

    it.each([
      ['POST /user', undefined],
      ['POST /tier', superuser],
      ['PATCH /tier/any', superuser],
      ['PATCH /user/any', otherUser],
      ['PATCH /user/any/tier', superuser],
      ['POST /tier/any/rate_limit', superuser],
      ['PATCH /tier/any/rate_limit/1', superuser],
    ] as const)('return 422 when %s gets none', async (route, token) => {
      for (const headers of [{}, JSON_TYPE]) {
        const response = await api(route, { token, headers });

        expect([response.status, response.body.errors]).toEqual([
          422,
          [{ loc: ['body'], type: 'missing', msg: 'A body is required' }],
        ]);
      }
    });

    it('may have numbers in any notation: the value counts', async () => {
      const { username } = await signUp(api);
      const { id } = await createTier(api);
      const withTier = (tier: string) =>
        api(`PATCH /user/${username}/tier`, {
          token: superuser,
          raw: `{"tier_id": ${tier}}`,
          headers: JSON_TYPE,
        });

      for (const notation of [`${id}.0`, `${id}e0`, `${id * 10}E-1`])
        expect((await withTier(notation)).status).toBe(200);
      expect(fieldErrors(await withTier(`${id}.5`))).toEqual({ 'body.tier_id': 'int_from_float' });
      expect(fieldErrors(await withTier('1e400'))).toEqual({ 'body.tier_id': 'less_than_equal' });
    });

    it.each([
      ['NaN', '{"name": NaN}'],
      ['a trailing comma', '{"name": "x",}'],
      ['two values', '{} {}'],
      ['a prototype', '{"__proto__": {"name": "x"}}'],
    ])('return 422 for invalid JSON: %s', async (_, raw) => {
      const response = await api('POST /user', { raw, headers: JSON_TYPE });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ body: 'json_invalid' });
    });

    it('return 400 when they are nested more than 32 levels deep', async () => {
      const nested = (levels: number) => `{"name":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

      expect((await api('POST /user', { raw: nested(32), headers: JSON_TYPE })).status).toBe(422);
      expect((await api('POST /user', { raw: nested(33), headers: JSON_TYPE })).status).toBe(400);
      expect((await api('POST /user', { raw: nested(8_000), headers: JSON_TYPE })).status).toBe(400);
    });

    it.each([
      ['NUL', '"a\\u0000b"'],
      ['a lone high surrogate', '"ab\\ud800"'],
      ['a lone low surrogate', '"\\udc00ab"'],
    ])('return 422 when a string contains %s', async (_, text) => {
      const raw = JSON.stringify(signUpOf()).replace('"User Userson"', text);

      const response = await api('POST /user', { raw, headers: JSON_TYPE });

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ 'body.name': 'value_error' });
    });

    it('return 422 when they are not UTF-8', async () => {
      const raw = Buffer.from(JSON.stringify({ ...signUpOf(), name: 'Jürgen' }), 'latin1');

      expect((await api('POST /user', { raw, headers: JSON_TYPE })).status).toBe(422);
    });

    it('return 413 when they are larger than the limit', async () => {
      const response = await api('POST /user', { body: { name: 'x'.repeat(20_000) } });

      expect(response.status).toBe(413);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    });
  });

  describe('request ids', () => {
    it('are those of the caller when they are valid', async () => {
      const response = await api('GET /tiers', { headers: { 'X-Request-Id': 'abc-123_456.789' } });

      expect(response.headers.get('x-request-id')).toBe('abc-123_456.789');
    });

    it.each(['', 'short', 'with space in it', 'x'.repeat(129), '<script>alert()</script>'])(
      'are generated when the caller sends %j',
      async (id) => {
        const response = await api('GET /tiers', { headers: { 'X-Request-Id': id } });

        expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      },
    );

    it.each(['GET /nothing', 'PUT /tiers', 'GET /user/me', 'GET /user/%ff'] as const)(
      'are in the problem details and the header of %s',
      async (route) => {
        const response = await api(route);

        expect(response.body.request_id).toBe(response.headers.get('x-request-id'));
        expect(response.body.request_id).toEqual(expect.any(String));
      },
    );
  });

  describe('caching headers', () => {
    it('make clients revalidate a public response', async () => {
      const { username, token } = await signUp(api);
      const route = `GET /user/${username}` as const;
      const first = await api(route);
      const etag = first.headers.get('etag')!;

      expect(first.headers.get('cache-control')).toBe('public, no-cache');
      const again = await api(route, { headers: { 'If-None-Match': etag } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
      expect((await api(route, { headers: { 'If-None-Match': `"other", W/${etag}` } })).status).toBe(304);

      await api(`PATCH /user/${username}`, { token, body: { name: 'Another Name' } });
      expect((await api(route, { headers: { 'If-None-Match': etag } })).status).toBe(200);
    });

    it.each(['GET /users', 'GET /tiers'] as const)(
      'make clients revalidate the list of %s',
      async (route) => {
        const response = await api(route);

        expect(response.headers.get('cache-control')).toBe('public, no-cache');
        expect(response.headers.get('etag')).toMatch(/^"/);
      },
    );

    it('forbid caches to store responses to a token, changes and errors', async () => {
      const { username, token } = await signUp(api);

      const responses = await Promise.all([
        api('GET /user/me', { token }),
        api(`GET /user/${username}/rate_limits`, { token: superuser }),
        api(`PATCH /user/${username}`, { token, body: {} }),
        api('GET /user/unknown9'),
        api('GET /users?page=0'),
      ]);

      for (const { headers } of responses) {
        expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
      }
    });
  });

  describe('lists', () => {
    const tierWith = async (count: number): Promise<{ name: string; ids: number[] }> => {
      const { name } = await createTier(api);
      const ids: number[] = [];
      for (let i = 0; i < count; i++) {
        const body = { path: unique(), limit: 1, period: 1 };
        ids.push((await api(`POST /tier/${name}/rate_limit`, { token: superuser, body })).body.id);
      }
      return { name, ids };
    };
    const idsOf = (body: { data: { id: number }[] }) => body.data.map(({ id }) => id);

    it('return pages of ten in the order of the ids when the query is empty', async () => {
      const { name, ids } = await tierWith(11);

      const first = await api(`GET /tier/${name}/rate_limits`);
      const second = await api(`GET /tier/${name}/rate_limits?page=2`);

      expect(first.body).toMatchObject({ total_count: 11, has_more: true, page: 1, items_per_page: 10 });
      expect(second.body).toMatchObject({ total_count: 11, has_more: false, page: 2, items_per_page: 10 });
      expect([...idsOf(first.body), ...idsOf(second.body)]).toEqual(ids);
    });

    it('return an empty page past the end', async () => {
      const { name } = await tierWith(1);

      for (const page of ['2', '2147483647']) {
        const response = await api(`GET /tier/${name}/rate_limits?page=${page}&items_per_page=100`);

        expect(response.status).toBe(200);
        expect(response.body).toEqual({
          data: [],
          total_count: 1,
          has_more: false,
          page: Number(page),
          items_per_page: 100,
        });
      }
    });

    it('return cursor pages without a count when the query has a cursor', async () => {
      const { name, ids } = await tierWith(5);
      const listedIds: number[] = [];
      let cursor: string | null = '';
      const pages: object[] = [];
      while (cursor !== null) {
        const { status, body } = await api(
          `GET /tier/${name}/rate_limits?items_per_page=2&cursor=${encodeURIComponent(cursor)}`,
        );
        expect(status).toBe(200);
        listedIds.push(...idsOf(body));
        pages.push({ keys: Object.keys(body).sort(), has_more: body.has_more });
        cursor = body.next_cursor;
      }

      const keys = ['data', 'has_more', 'next_cursor'];
      expect(pages).toEqual([
        { keys, has_more: true },
        { keys, has_more: true },
        { keys, has_more: false },
      ]);
      expect(listedIds).toEqual(ids);
    });

    it('return an empty cursor page for an empty list', async () => {
      const { name } = await tierWith(0);

      expect((await api(`GET /tier/${name}/rate_limits?cursor=`)).body).toEqual({
        data: [],
        next_cursor: null,
        has_more: false,
      });
    });

    it.each([
      ['cursor=nonsense', 'cursor', 'value_error'],
      ['cursor=%00', 'cursor', 'value_error'],
      [`cursor=${Buffer.from('id:99999999999').toString('base64url')}`, 'cursor', 'value_error'],
      ['cursor=&page=1', 'cursor', 'value_error'],
      ['page=0', 'page', 'greater_than_equal'],
      ['page=-1', 'page', 'greater_than_equal'],
      ['page=one', 'page', 'int_parsing'],
      ['page=1.0', 'page', 'int_parsing'],
      ['page=1e1', 'page', 'int_parsing'],
      ['page=%201', 'page', 'int_parsing'],
      ['page=%D9%A1', 'page', 'int_parsing'],
      ['page=', 'page', 'int_parsing'],
      ['page=1&page=2', 'page', 'int_parsing'],
      ['page=2147483648', 'page', 'int_parsing'],
      ['items_per_page=0', 'items_per_page', 'greater_than_equal'],
      ['items_per_page=101', 'items_per_page', 'less_than_equal'],
    ])('return 422 for ?%s', async (query, field, code) => {
      const response = await api(`GET /tiers?${query}`);

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ [`query.${field}`]: code });
    });

    it('return 422 for an unknown query parameter', async () => {
      const response = await api('GET /tiers?utm_source=mail');

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ 'query.utm_source': 'extra_forbidden' });
    });
  });

  describe('GET /health', () => {
    it('returns 200 while the process runs', async () => {
      const response = await api('GET /health');

      expect([response.status, response.body]).toEqual([200, { status: 'ok' }]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    });
  });

  describe('GET /ready', () => {
    it('returns 503 with the state of each service while one is down', async () => {
      await waitFor(async () => (await api('GET /ready')).body.services.users === 'up');

      const response = await api('GET /ready');

      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(response.body).toMatchObject({
        title: 'Service Unavailable',
        status: 503,
        detail: 'Not every service is ready.',
        instance: '/api/v1/ready',
        request_id: response.headers.get('x-request-id'),
        services: { auth: 'down', users: 'up' },
      });
    });
  });

  describe('while PostgreSQL is unavailable', () => {
    it('returns 503 with Retry-After immediately, and 200 when PostgreSQL is available again', async () => {
      const [{ name }] = (await app.database.query<{ name: string }>(
        'SELECT current_database() AS name',
      )) as [{ name: string }];
      await app.database.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
      try {
        await app.database.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
          [name],
        );

        const startedAt = performance.now();
        let response = await api('GET /tiers');
        await waitFor(async () => (response = await api('GET /tiers')).status !== 200);

        expect(performance.now() - startedAt).toBeLessThan(1_500);
        expect(response.status).toBe(503);
        expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
        const next = await Promise.all(Array.from({ length: 20 }, () => api('GET /tiers')));
        expect(next.map(({ status }) => status)).toEqual(Array(20).fill(503));
      } finally {
        await app.database.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
      }
      await waitFor(async () => (await api('GET /tiers')).status === 200);
    });
  });
});
