import { describe, expect, it } from '@jest/globals';
import { type ApiOptions, createApi } from './index.js';

const EXPIRED = {
  type: 'urn:problem:user-not-authenticated',
  status: 401,
  detail: 'User not authenticated.',
};
const NO_COOKIE = {
  type: 'urn:problem:refresh-token-missing',
  status: 401,
  detail: 'Refresh token missing.',
};
const UNAVAILABLE = { type: 'urn:problem:unavailable', status: 503, detail: 'Try again.' };
const WRONG = { type: 'urn:problem:wrong-password', status: 401, detail: 'Wrong password.' };

/** A client of a fake gateway with responses by method and path, and the requests that it received. */
function setup(
  responses: Record<string, (request: Request, nth: number) => Response | Promise<Response>>,
  options: ApiOptions = {},
) {
  const requests: string[] = [];
  const fetch = async (request: Request) => {
    const route = `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`;
    const nth = requests.filter((line) => line.startsWith(route)).length;
    requests.push(`${route} ${request.headers.get('Authorization') ?? 'no token'}`);
    return (responses[route] ?? notFound)(request, nth);
  };
  return { api: createApi('http://gateway', { fetch, ...options }), requests };
}

const notFound = () => Response.json({ status: 404 }, { status: 404 });
const refuse = (problem: { status: number }) => Response.json(problem, { status: problem.status });
const token = (name: string) =>
  Response.json(
    { access_token: name, token_type: 'bearer' },
    { headers: { 'Set-Cookie': `refresh_token=${name}-refresh; HttpOnly; Path=/` } },
  );

describe('createApi', () => {
  it('logs in with a form, and sends the token with later requests', async () => {
    const forms: string[] = [];
    const { api, requests } = setup({
      'POST /login': async (request) => {
        forms.push(await request.text());
        return token('first');
      },
      'GET /user/me': () => Response.json({ username: 'ada' }),
    });

    await api.logIn('ada', 'a & b');
    const { data } = await api.GET('/api/v1/user/me');

    expect(forms).toEqual(['username=ada&password=a+%26+b']);
    expect(data?.username).toBe('ada');
    expect(requests).toEqual(['POST /login no token', 'GET /user/me Bearer first']);
  });

  it('returns problem details as `error`', async () => {
    const { api } = setup({ 'POST /login': () => refuse(WRONG) });

    const { data, error } = await api.logIn('ada', 'wrong');

    expect([data, error?.detail]).toEqual([undefined, 'Wrong password.']);
  });

  it('refreshes an expired token once for concurrent requests, and repeats them', async () => {
    const cookies: (string | null)[] = [];
    const { api, requests } = setup({
      'POST /login': () => token('first'),
      'POST /refresh': (request) => {
        cookies.push(request.headers.get('Cookie'));
        return token('second');
      },
      'PATCH /user/ada': async (request) =>
        request.headers.get('Authorization') === 'Bearer first'
          ? refuse(EXPIRED)
          : Response.json({ message: await request.text() }),
    });
    await api.logIn('ada', 'right');
    const change = (name: string) =>
      api.PATCH('/api/v1/user/{username}', { params: { path: { username: 'ada' } }, body: { name } });

    const results = await Promise.all([change('One'), change('Two')]);

    expect(results.map(({ data }) => data?.message)).toEqual(['{"name":"One"}', '{"name":"Two"}']);
    expect(cookies).toEqual(['refresh_token=first-refresh']);
    expect(requests.slice(-2)).toEqual(['PATCH /user/ada Bearer second', 'PATCH /user/ada Bearer second']);
  });

  it('does not refresh after a 401 for a wrong password', async () => {
    const { api, requests } = setup({
      'POST /login': () => token('first'),
      'POST /user/me/password': () => refuse(WRONG),
    });
    await api.logIn('ada', 'right');

    const { error } = await api.POST('/api/v1/user/me/password', {
      body: { current_password: 'wrong', new_password: 'new' },
    });

    expect(error?.detail).toBe('Wrong password.');
    expect(requests).toEqual(['POST /login no token', 'POST /user/me/password Bearer first']);
  });

  it('returns the error when the refresh fails', async () => {
    const { api, requests } = setup({
      'POST /login': () => token('first'),
      'GET /user/me': () => refuse(EXPIRED),
      'POST /refresh': () => refuse(EXPIRED),
    });
    await api.logIn('ada', 'right');

    const { error } = await api.GET('/api/v1/user/me');

    expect(error?.detail).toBe('User not authenticated.');
    expect(requests).toHaveLength(3);
  });

  it('returns the error of a refresh that fails for another reason, because the session goes on', async () => {
    const { api } = setup({
      'POST /login': () => token('first'),
      'POST /refresh': (_, nth) => (nth === 0 ? refuse(UNAVAILABLE) : token('second')),
      'GET /user/me': (request) =>
        request.headers.get('Authorization') === 'Bearer first'
          ? refuse(EXPIRED)
          : Response.json({ username: 'ada' }),
    });
    await api.logIn('ada', 'right');

    expect((await api.GET('/api/v1/user/me')).error?.type).toBe('urn:problem:unavailable');
    expect((await api.GET('/api/v1/user/me')).data?.username).toBe('ada');
  });

  it('sends no token after the logout', async () => {
    const { api, requests } = setup({
      'POST /login': () => token('first'),
      'POST /logout': () => Response.json({ message: 'Logged out successfully' }),
    });
    await api.logIn('ada', 'right');

    await api.logOut();
    await api.GET('/api/v1/user/me');

    expect(requests.slice(-2)).toEqual(['POST /logout Bearer first', 'GET /user/me no token']);
  });

  describe('without an access token', () => {
    /** A gateway whose cookie jar has a session, which ends at the logout. */
    const withCookie = (options?: ApiOptions) => {
      let isLive = true;
      return setup(
        {
          'POST /refresh': () => (isLive ? token('resumed') : refuse(NO_COOKIE)),
          'POST /logout': () => {
            isLive = false;
            return Response.json({ message: 'Logged out successfully' });
          },
          'GET /user/me': () => Response.json({ username: 'ada' }),
        },
        options,
      );
    };

    it('refreshes once for concurrent first requests', async () => {
      const { api, requests } = withCookie();

      await Promise.all([api.GET('/api/v1/user/me'), api.GET('/api/v1/user/me')]);

      const me = 'GET /user/me Bearer resumed';
      expect(requests).toEqual(['POST /refresh no token', me, me]);
    });

    it('says with `resume` whether there is a session', async () => {
      const { api, requests } = withCookie();

      expect([await api.resume(), await api.resume()]).toEqual([true, true]);
      await api.logOut();

      expect(await api.resume()).toBe(false);
      expect(requests).toEqual([
        'POST /refresh no token',
        'POST /logout Bearer resumed',
        'POST /refresh no token',
      ]);
    });

    it('does not refresh again after the API has refused it', async () => {
      const { api, requests } = setup({ 'POST /refresh': () => refuse(NO_COOKIE) });

      for (let round = 0; round < 2; round += 1) await api.GET('/api/v1/users');

      expect(requests).toEqual(['POST /refresh no token', 'GET /users no token', 'GET /users no token']);
    });

    it('refreshes again when a refresh had no response', async () => {
      const { api, requests } = setup({
        'POST /refresh': (_, nth) => (nth === 0 ? Promise.reject(new TypeError('lost')) : token('second')),
      });

      for (let round = 0; round < 2; round += 1) await api.GET('/api/v1/users');

      expect(requests.slice(1)).toEqual([
        'GET /users no token',
        'POST /refresh no token',
        'GET /users Bearer second',
      ]);
    });

    it('logs out the session of the cookie', async () => {
      const { api, requests } = withCookie();

      const { data } = await api.logOut();

      expect(data?.message).toBe('Logged out successfully');
      expect(requests).toEqual(['POST /logout no token']);
    });

    it('leaves a request with its own Authorization header alone', async () => {
      const { api, requests } = withCookie();

      await api.GET('/api/v1/user/me', { headers: { Authorization: 'Bearer own' } });

      expect(requests).toEqual(['GET /user/me Bearer own']);
    });
  });

  it('sends the cookie with a logout, so that the session ends after the access token expired', async () => {
    const cookies: (string | null)[] = [];
    const { api } = setup({
      'POST /login': () => token('first'),
      'POST /logout': (request) => {
        cookies.push(request.headers.get('Cookie'));
        return Response.json({ message: 'Logged out successfully' });
      },
    });
    await api.logIn('ada', 'right');

    await api.logOut();

    expect(cookies).toEqual(['refresh_token=first-refresh']);
  });

  it('stays logged in when a logout fails, so that it can be repeated', async () => {
    const { api, requests } = setup({
      'POST /login': () => token('first'),
      'POST /logout': () => refuse({ status: 503 }),
    });
    await api.logIn('ada', 'right');

    await api.logOut();
    await api.logOut();

    expect(requests.slice(1)).toEqual(['POST /logout Bearer first', 'POST /logout Bearer first']);
  });

  it('keeps the refresh token of a native client', async () => {
    const kept: (string | undefined)[] = [];
    const bodies: string[] = [];
    const inBody = (name: string) =>
      Response.json({ access_token: name, token_type: 'bearer', refresh_token: `${name}-refresh` });
    const { api } = setup(
      {
        'POST /refresh': async (request) => {
          bodies.push(await request.text());
          return inBody('second');
        },
        'POST /logout': async (request) => {
          bodies.push(await request.text());
          return Response.json({ message: 'Logged out successfully' });
        },
      },
      { refreshToken: 'earlier', onRefreshToken: (name) => kept.push(name) },
    );

    expect(await api.resume()).toBe(true);
    await api.logOut();

    expect(bodies).toEqual(['{"refresh_token":"earlier"}', '{"refresh_token":"second-refresh"}']);
    expect(kept).toEqual(['second-refresh', undefined]);
  });

  describe('does not throw, and returns an error, for', () => {
    const html = (status: number) =>
      new Response('<h1>It works!</h1>', { status, headers: { 'Content-Type': 'text/html' } });
    const cutOff = (status: number) =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('{"data": ['));
            controller.error(new TypeError('terminated'));
          },
        }),
        { status, headers: { 'Content-Type': 'application/json' } },
      );
    const empty = (status: number) => new Response('', { status, headers: { 'Content-Length': '0' } });
    const answers: [string, (status: number) => Response][] = [
      ['HTML', html],
      ['a body that is cut off', cutOff],
      ['an empty body', empty],
      ['JSON that is no object', (status) => Response.json(null, { status })],
      ['JSON that is cut off', (status) => new Response('{"data": [', { status })],
    ];

    for (const [name, answer] of answers)
      for (const status of [200, 401, 500])
        it(`${name} with ${status}`, async () => {
          const { api } = setup({
            'POST /login': (_, nth) => (nth === 0 ? token('first') : answer(status)),
            'POST /refresh': () => answer(status),
            'POST /logout': () => answer(status),
            'GET /users': () => answer(status),
          });
          await api.logIn('ada', 'right');

          const results = [
            await api.GET('/api/v1/users'),
            await api.logIn('ada', 'right'),
            await api.logOut(),
            await api.resume(),
          ];

          const type = 'urn:problem:unusable-response';
          const error = expect.objectContaining({ type, status: status === 200 ? 502 : status });
          const failed = expect.objectContaining({ error });
          expect(results).toEqual([failed, failed, failed, true]);
        });

    it('a login without a token in the response', async () => {
      const { api } = setup({ 'POST /login': () => Response.json({ token: 'other' }) });

      expect((await api.logIn('ada', 'right')).error?.type).toBe('urn:problem:unusable-response');
    });

    it('a connection that fails', async () => {
      const { api } = setup({ 'GET /users': () => Promise.reject(new TypeError('fetch failed')) });

      const { error, response } = await api.GET('/api/v1/users');

      expect(error).toMatchObject({
        type: 'urn:problem:no-response',
        detail: expect.stringMatching(/fetch failed/),
      });
      expect(response.status).toBe(503);
    });

    it('Headers without getSetCookie, as in React Native', async () => {
      const withoutGetSetCookie = () =>
        Object.defineProperty(token('first'), 'headers', {
          value: { get: () => null, has: () => false, getSetCookie: undefined },
        });
      const { api } = setup({
        'POST /login': withoutGetSetCookie,
        'GET /user/me': () => Response.json({ username: 'ada' }),
      });

      const { data } = await api.logIn('ada', 'right');

      expect(data?.access_token).toBe('first');
      expect((await api.GET('/api/v1/user/me')).data?.username).toBe('ada');
    });
  });
});
