import { describe, expect, it } from '@jest/globals';
import { createApi } from './index.js';

const EXPIRED = {
  type: 'urn:problem:user-not-authenticated',
  status: 401,
  detail: 'User not authenticated.',
};
const WRONG = { type: 'urn:problem:wrong-password', status: 401, detail: 'Wrong password.' };

/** A gateway whose answers are given, by method and path; the requests that it saw. */
function setup(answers: Record<string, (request: Request, nth: number) => Response | Promise<Response>>) {
  const seen: string[] = [];
  const fetch = async (request: Request) => {
    const route = `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`;
    const nth = seen.filter((line) => line.startsWith(route)).length;
    seen.push(`${route} ${request.headers.get('Authorization') ?? 'no token'}`);
    return (answers[route] ?? notThere)(request, nth);
  };
  return { api: createApi('http://gateway', { fetch }), seen };
}

const notThere = () => Response.json({ status: 404 }, { status: 404 });
const refuse = (problem: { status: number }) => Response.json(problem, { status: problem.status });
const token = (name: string) =>
  Response.json(
    { access_token: name, token_type: 'bearer' },
    { headers: { 'Set-Cookie': `refresh_token=${name}-refresh; HttpOnly; Path=/` } },
  );

describe('createApi', () => {
  it('logs in with a form, and sends the token with what comes after', async () => {
    const forms: string[] = [];
    const { api, seen } = setup({
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
    expect(seen).toEqual(['POST /login no token', 'GET /user/me Bearer first']);
  });

  it('gives problem details back instead of throwing them', async () => {
    const { api } = setup({ 'POST /login': () => refuse(WRONG) });

    const { data, error } = await api.logIn('ada', 'wrong');

    expect([data, error?.detail]).toEqual([undefined, 'Wrong password.']);
  });

  it('gets one new token when several requests find the old one expired, and sends them again', async () => {
    const cookies: (string | null)[] = [];
    const { api, seen } = setup({
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

    const answers = await Promise.all([change('One'), change('Two')]);

    expect(answers.map(({ data }) => data?.message)).toEqual(['{"name":"One"}', '{"name":"Two"}']);
    expect(cookies).toEqual(['refresh_token=first-refresh']);
    expect(seen.slice(-2)).toEqual(['PATCH /user/ada Bearer second', 'PATCH /user/ada Bearer second']);
  });

  it('does not take a wrong password for an expired token', async () => {
    const { api, seen } = setup({
      'POST /login': () => token('first'),
      'POST /user/me/password': () => refuse(WRONG),
    });
    await api.logIn('ada', 'right');

    const { error } = await api.POST('/api/v1/user/me/password', {
      body: { current_password: 'wrong', new_password: 'new' },
    });

    expect(error?.detail).toBe('Wrong password.');
    expect(seen).toEqual(['POST /login no token', 'POST /user/me/password Bearer first']);
  });

  it('gives the refusal back when there is no new token', async () => {
    const { api, seen } = setup({
      'POST /login': () => token('first'),
      'GET /user/me': () => refuse(EXPIRED),
      'POST /refresh': () => refuse(EXPIRED),
    });
    await api.logIn('ada', 'right');

    const { error } = await api.GET('/api/v1/user/me');

    expect(error?.detail).toBe('User not authenticated.');
    expect(seen).toHaveLength(3);
  });

  it('knows nothing of the login after the logout', async () => {
    const { api, seen } = setup({ 'POST /login': () => token('first') });
    await api.logIn('ada', 'right');

    await api.logOut();
    await api.GET('/api/v1/user/me');

    expect(seen.slice(-2)).toEqual(['POST /logout Bearer first', 'GET /user/me no token']);
  });
});
