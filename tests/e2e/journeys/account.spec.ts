import { describe, expect, it } from '@jest/globals';
import { createApi } from '@repo/api-client';
import type { ApiAnswer } from '@repo/testing/api-client';
import { dataOf, logInto } from '../../support/client.js';
import { expectLoggedOut, expectMessage, expectProblem } from '../../support/expectations.js';
import { api, GATEWAY_URL } from '../../support/gateway.js';
import { join, logIn, newUser, expectSession, uniqueName } from '../../support/people.js';
import { USER } from '../../support/shapes.js';

describe('somebody new', () => {
  it('signs up, logs in with name or address, and sees the own data', async () => {
    const client = createApi(GATEWAY_URL);
    const user = newUser();
    const { username, email, name, password } = user;

    const created = dataOf(await client.POST('/api/v1/user', { body: user }));

    expect(created).toEqual({ ...USER, name, username, email, tier_id: null });
    for (const login of [username, email.toUpperCase()]) {
      await logInto(client, { username: login, password });
      expect(dataOf(await client.GET('/api/v1/user/me'))).toEqual(created);
      expect(dataOf(await client.logOut())).toEqual({ message: 'Logged out successfully' });
    }
  });

  it('may log in with a multipart form as well', async () => {
    const { username, password } = await join();
    const form = new FormData();
    form.set('username', username);
    form.set('password', password);
    const request = new Request('http://form', { method: 'POST', body: form });
    const raw = new Uint8Array(await request.arrayBuffer());

    expectSession(
      await api('POST /login', { raw, headers: { 'Content-Type': request.headers.get('Content-Type')! } }),
    );
  });

  it('is the only one who gets a name, of eight who want it at once', async () => {
    const username = uniqueName();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api('POST /user', { body: { ...newUser(), username } })),
    );
    const [won, ...lost] = answers.sort((a, b) => a.status - b.status);

    expect([won!.status, won!.body.username]).toEqual([201, username]);
    for (const answer of lost) expectProblem(answer, 422, 'Username not available');
  });

  it('is the only one who gets an address, of eight who want it at once', async () => {
    const { email } = newUser();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api('POST /user', { body: newUser({ email }) })),
    );
    const [won, ...lost] = answers.sort((a, b) => a.status - b.status);

    expect([won!.status, won!.body.email]).toEqual([201, email]);
    for (const answer of lost) expectProblem(answer, 422, 'Email is already registered');
  });
});

describe('a user', () => {
  it('stays logged in under a new name', async () => {
    const user = await join();
    const { username: oldName, token } = user;
    await api(`GET /user/${oldName}`);
    const username = uniqueName();

    expectMessage(await api(`PATCH /user/${oldName}`, { token, body: { username } }), 'User updated');

    expect((await api('GET /user/me', { token })).body.username).toBe(username);
    expectProblem(await api(`GET /user/${oldName}`), 404, 'User not found');
    await logIn({ ...user, username });
  });

  it('cannot act under an old name that somebody else has taken', async () => {
    const before = await join();
    const { token } = before;
    await api(`PATCH /user/${before.username}`, { token, body: { username: uniqueName() } });
    const next = await join({ username: before.username, email: `${uniqueName()}@example.com` });

    const tries = [
      api(`PATCH /user/${next.username}`, { token, body: { name: 'Stolen' } }),
      api(`DELETE /user/${next.username}`, { token }),
    ];
    for (const answer of await Promise.all(tries)) {
      expectProblem(answer, 403, 'Request forbidden -- authorization will not help');
    }
  });

  it('is logged out of every service at once, and cannot refresh', async () => {
    const { token, cookie } = await join();
    const tryAll = (): Promise<ApiAnswer[]> =>
      Promise.all([api('GET /user/me', { token }), api('GET /sessions', { token })]);
    expect((await tryAll()).map(({ status }) => status)).toEqual([200, 200]);

    const logout = await api('POST /logout', { token });

    expectMessage(logout, 'Logged out successfully');
    expect(logout.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^refresh_token=;(?=.*HttpOnly)(?=.*Secure)(?=.*SameSite=Lax)(?=.*Path=\/)/),
    ]);
    for (const answer of await tryAll()) expectLoggedOut(answer);
    expectProblem(await api('POST /refresh', { headers: { Cookie: cookie } }), 401, 'Invalid refresh token.');
  });

  it('shows the address to nobody else', async () => {
    const { username } = await join();
    const answers = [await api(`GET /user/${username}`), await api('GET /users?items_per_page=100')];

    for (const { text } of answers) expect(text).not.toMatch(/@|email|password|superuser/);
  });
});
