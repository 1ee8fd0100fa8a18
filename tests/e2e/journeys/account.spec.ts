import { describe, expect, it } from '@jest/globals';
import { createApi } from '@repo/api-client';
import { api, type ApiAnswer, gatewayUrl } from '../../support/api.ts';
import { createUser, logIn, newUser, uniqueName } from '../../support/users.ts';
import { dataOf, logInto } from '../support/client.ts';
import { expectLoggedOut, expectMessage, expectProblem } from '../support/expectations.ts';

describe('a sign-up', () => {
  it('creates a user who logs in with username or email address and reads its own data', async () => {
    const client = createApi(gatewayUrl());
    const user = newUser();
    const { username, email, name, password } = user;

    const created = dataOf(await client.POST('/api/v1/user', { body: user }));

    expect(created).toMatchObject({ name, username, email, tier_id: null });
    for (const login of [username, email.toUpperCase()]) {
      await logInto(client, { username: login, password });
      expect(dataOf(await client.GET('/api/v1/user/me'))).toEqual(created);
      expect(dataOf(await client.logOut()).message).toBe('Logged out successfully');
    }
  });

  it('gives a username to one of eight concurrent requests', async () => {
    const username = uniqueName();
    const responses = await Promise.all(
      Array.from({ length: 8 }, () => api('POST /user', { body: { ...newUser(), username } })),
    );
    const [created, ...refused] = responses.sort((a, b) => a.status - b.status);

    expect([created!.status, created!.body.username]).toEqual([201, username]);
    for (const response of refused) expectProblem(response, 422, 'Username not available');
  });

  it('gives an email address to one of eight concurrent requests', async () => {
    const { email } = newUser();
    const responses = await Promise.all(
      Array.from({ length: 8 }, () => api('POST /user', { body: newUser({ email }) })),
    );
    const [created, ...refused] = responses.sort((a, b) => a.status - b.status);

    expect([created!.status, created!.body.email]).toEqual([201, email]);
    for (const response of refused) expectProblem(response, 422, 'Email is already registered');
  });
});

describe('a login', () => {
  it('accepts a multipart form', async () => {
    const { username, password } = await createUser();
    const form = new FormData();
    form.set('username', username);
    form.set('password', password);
    const request = new Request('http://form', { method: 'POST', body: form });
    const raw = new Uint8Array(await request.arrayBuffer());
    const headers = { 'Content-Type': request.headers.get('Content-Type')! };

    expect((await api('POST /login', { raw, headers })).status).toBe(200);
  });
});

describe('a user', () => {
  it('keeps its session after a rename', async () => {
    const user = await createUser();
    const { username: formerName, token } = user;
    await api(`GET /user/${formerName}`);
    const username = uniqueName();

    expectMessage(await api(`PATCH /user/${formerName}`, { token, body: { username } }), 'User updated');

    expect((await api('GET /user/me', { token })).body.username).toBe(username);
    expectProblem(await api(`GET /user/${formerName}`), 404, 'User not found');
    await logIn({ ...user, username });
  });

  it('cannot act under a former username that another user has taken', async () => {
    const renamed = await createUser();
    const { token } = renamed;
    await api(`PATCH /user/${renamed.username}`, { token, body: { username: uniqueName() } });
    const next = await createUser({ username: renamed.username, email: `${uniqueName()}@example.com` });

    const responses = await Promise.all([
      api(`PATCH /user/${next.username}`, { token, body: { name: 'Stolen' } }),
      api(`DELETE /user/${next.username}`, { token }),
    ]);
    for (const response of responses) {
      expectProblem(response, 403, 'Request forbidden -- authorization will not help');
    }
  });

  it('is refused by every service and cannot refresh after a logout', async () => {
    const { token, cookie } = await createUser();
    const readOwn = (): Promise<ApiAnswer[]> =>
      Promise.all([api('GET /user/me', { token }), api('GET /sessions', { token })]);
    expect((await readOwn()).map(({ status }) => status)).toEqual([200, 200]);

    const logout = await api('POST /logout', { token });

    expectMessage(logout, 'Logged out successfully');
    expect(logout.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^refresh_token=;(?=.*HttpOnly)(?=.*Secure)(?=.*SameSite=Lax)(?=.*Path=\/)/),
    ]);
    for (const response of await readOwn()) expectLoggedOut(response);
    expectProblem(await api('POST /refresh', { headers: { Cookie: cookie } }), 401, 'Invalid refresh token.');
  });

  it('has an email address that other users cannot read', async () => {
    const { username } = await createUser();
    const responses = [await api(`GET /user/${username}`), await api('GET /users?items_per_page=100')];

    for (const { text } of responses) expect(text).not.toMatch(/@|email|password|superuser/);
  });
});
