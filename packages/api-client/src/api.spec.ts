import { describe, expect, it } from '@jest/globals';
import { createApi } from './index.js';

const EXPIRED = {
  type: 'urn:problem:user-not-authenticated',
  status: 401,
  detail: 'User not authenticated.',
};
const WRONG = { type: 'urn:problem:wrong-password', status: 401, detail: 'Wrong password.' };

/** A client of a fake gateway with responses by method and path, and the requests that it received. */
function setup(responses: Record<string, (request: Request, nth: number) => Response | Promise<Response>>) {
  const requests: string[] = [];
  const fetch = async (request: Request) => {
    const route = `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`;
    const nth = requests.filter((line) => line.startsWith(route)).length;
    requests.push(`${route} ${request.headers.get('Authorization') ?? 'no token'}`);
    return (responses[route] ?? notFound)(request, nth);
  };
  return { api: createApi('http://gateway', { fetch }), requests };
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

  it('sends no token after the logout', async () => {
    const { api, requests } = setup({ 'POST /login': () => token('first') });
    await api.logIn('ada', 'right');

    await api.logOut();
    await api.GET('/api/v1/user/me');

    expect(requests.slice(-2)).toEqual(['POST /logout Bearer first', 'GET /user/me no token']);
  });
});
