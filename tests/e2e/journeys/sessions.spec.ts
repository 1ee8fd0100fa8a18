import { describe, expect, it } from '@jest/globals';
import { api } from '../../support/api.ts';
import { claimsOf, createUser, logIn, refreshCookie, sessionOf } from '../../support/users.ts';
import { expectLoggedOut, expectMessage, expectProblem } from '../support/expectations.ts';

const refresh = (cookie: string) => api('POST /refresh', { headers: { Cookie: cookie } });
const me = (token: string) => api('GET /user/me', { token });

describe('a refresh', () => {
  it('returns a new access token and a new refresh token each time', async () => {
    const { cookie } = await createUser();
    let current = cookie;
    for (let round = 0; round < 3; round += 1) {
      const next = sessionOf(await refresh(current));
      expect(next.cookie).not.toBe(current);
      expect((await me(next.token)).status).toBe(200);
      current = next.cookie;
    }
  });

  it('returns the same successor when two tabs send the same cookie', async () => {
    const { cookie } = await createUser();
    const first = sessionOf(await refresh(cookie));
    const second = sessionOf(await refresh(cookie));

    expect(claimsOf(second.cookie).jti).toBe(claimsOf(first.cookie).jti);
    for (const { token } of [first, second]) expect((await me(token)).status).toBe(200);
    sessionOf(await refresh(first.cookie));
  });

  it('returns one successor to twenty concurrent requests', async () => {
    const { cookie } = await createUser();
    const responses = await Promise.all(Array.from({ length: 20 }, () => refresh(cookie)));
    const sessions = responses.map(sessionOf);
    const statuses = await Promise.all(sessions.map(async ({ token }) => (await me(token)).status));

    expect(new Set(sessions.map((session) => claimsOf(session.cookie).jti)).size).toBe(1);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('is refused when it comes from another site', async () => {
    const { cookie } = await createUser();
    const crossSite: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ];

    for (const headers of crossSite) {
      const refused = await api('POST /refresh', { headers: { Cookie: cookie, ...headers } });
      expectProblem(refused, 403);
      expect(refused.body.detail).toMatch(
        `${headers.Origin ?? 'another site'} are not allowed: CORS_ORIGINS `,
      );
    }
    sessionOf(await refresh(cookie));
  });
});

describe('a logout', () => {
  it('ends the session of the cookie when there is no usable access token, for every service', async () => {
    const { token, cookie } = await createUser();

    const logout = await api('POST /logout', { token: 'expired', headers: { Cookie: cookie } });

    expectMessage(logout, 'Logged out successfully');
    expect(refreshCookie(logout)).toMatch(/^refresh_token=;/);
    expectLoggedOut(await me(token));
    expectProblem(await refresh(cookie), 401, 'Invalid refresh token.');
  });

  it('clears the cookie when there is no session to end', async () => {
    const refused = await api('POST /logout', { headers: { Cookie: 'refresh_token=nonsense' } });

    expectProblem(refused, 401, 'Invalid token.');
    expect(refreshCookie(refused)).toMatch(/^refresh_token=;/);
  });
});

describe('the sessions of a user', () => {
  it('are listed, with a mark on the current one', async () => {
    const { username, password } = await createUser();
    const headers = { 'User-Agent': 'Other Browser' };
    const other = sessionOf(await api('POST /login', { form: { username, password }, headers }));
    const { body } = await api('GET /sessions', { token: other.token });

    expect(body).toHaveLength(2);
    const current = body.filter((session: { current: boolean }) => session.current);
    expect(current).toMatchObject([{ id: claimsOf(other.token).sid, user_agent: 'Other Browser' }]);
    expect(current[0].ip).toMatch(/^[\d.:a-f]+$/);
  });

  it('can be ended one by one', async () => {
    const user = await createUser();
    const other = await logIn(user);
    const sid = String(claimsOf(other.token).sid);

    expectMessage(await api(`DELETE /sessions/${sid}`, { token: user.token }), 'Session deleted');

    expectLoggedOut(await me(other.token));
    expectProblem(await refresh(other.cookie), 401, 'Invalid refresh token.');
    expect((await me(user.token)).status).toBe(200);
    expectProblem(await api(`DELETE /sessions/${sid}`, { token: user.token }), 404, 'Session not found');
  });

  it('end together by a logout of all sessions', async () => {
    const user = await createUser();
    const other = await logIn(user);

    expectMessage(await api('POST /logout-all', { token: user.token }), 'Logged out successfully');

    for (const { token, cookie } of [user, other]) {
      expectLoggedOut(await me(token));
      expectLoggedOut(await api('GET /sessions', { token }));
      expectProblem(await refresh(cookie), 401, 'Invalid refresh token.');
    }
    await logIn(user);
  });

  it('end by a password change, except for the current one', async () => {
    const user = await createUser();
    const other = await logIn(user);
    const changed = { ...user, password: 'another horse 9' };
    const body = { current_password: user.password, new_password: changed.password };

    expectMessage(await api('POST /user/me/password', { token: user.token, body }), 'Password updated');

    expectLoggedOut(await me(other.token));
    expectProblem(await refresh(other.cookie), 401, 'Invalid refresh token.');
    expect((await me(user.token)).status).toBe(200);
    sessionOf(await refresh(user.cookie));
    const { username, password } = user;
    expectProblem(
      await api('POST /login', { form: { username, password } }),
      401,
      'Wrong username, email or password.',
    );
    await logIn(changed);
  });
});
