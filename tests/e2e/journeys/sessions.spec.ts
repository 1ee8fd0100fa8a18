import { describe, expect, it } from '@jest/globals';
import { expectLoggedOut, expectMessage, expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { join, logIn, refreshCookie, expectSession } from '../../support/people.js';

const WEEK_SECONDS = 7 * 86_400;
const refresh = (cookie: string) => api('POST /refresh', { headers: { Cookie: cookie } });
const me = (token: string) => api('GET /user/me', { token });

/** The claims of a token, whatever its signature. */
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

describe('a login', () => {
  it('gives a token that says whom it is for, and a cookie that scripts cannot read', async () => {
    const { id, username, password } = await join();
    const answer = await api('POST /login', { form: { username, password } });

    expect(claimsOf(answer.body.access_token)).toEqual({
      sub: String(id),
      username,
      is_superuser: false,
      tier_id: null,
      sid: expect.any(String),
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      iss: expect.any(String),
      aud: expect.any(String),
      token_type: 'access',
    });
    const [value, ...attributes] = refreshCookie(answer).split('; ');
    expect(value).toMatch(/^refresh_token=\S+$/);
    expect(new Set(attributes)).toEqual(
      new Set(['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', `Max-Age=${WEEK_SECONDS}`]),
    );
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  });
});

describe('a refresh', () => {
  it('gives a new access token and the next refresh token, again and again', async () => {
    const { cookie } = await join();
    let current = cookie;
    for (let round = 0; round < 3; round += 1) {
      const next = expectSession(await refresh(current));
      expect(next.cookie).not.toBe(current);
      expect((await me(next.token)).status).toBe(200);
      current = next.cookie;
    }
  });

  it('works in two tabs that hold the same cookie', async () => {
    const { cookie } = await join();
    const first = expectSession(await refresh(cookie));
    const second = expectSession(await refresh(cookie));

    expect(claimsOf(second.cookie).jti).toBe(claimsOf(first.cookie).jti);
    for (const { token } of [first, second]) expect((await me(token)).status).toBe(200);
    expectSession(await refresh(first.cookie));
  });

  it('sent twenty times at once gives twenty sessions with one and the same successor', async () => {
    const { cookie } = await join();
    const sessions = (await Promise.all(Array.from({ length: 20 }, () => refresh(cookie)))).map(
      expectSession,
    );
    const statuses = await Promise.all(sessions.map(async ({ token }) => (await me(token)).status));

    expect(new Set(sessions.map((session) => claimsOf(session.cookie).jti)).size).toBe(1);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('is refused to a page of another site', async () => {
    const { cookie } = await join();
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ];

    for (const headers of foreign) {
      expectProblem(await api('POST /refresh', { headers: { Cookie: cookie, ...headers } }), 403);
    }
    expectSession(await refresh(cookie));
  });
});

describe('the sessions of a user', () => {
  it('are listed, the one that asks marked', async () => {
    const user = await join();
    const headers = { 'User-Agent': 'Other Browser' };
    const { username, password } = user;
    const other = expectSession(await api('POST /login', { form: { username, password }, headers }));
    const { body } = await api('GET /sessions', { token: other.token });

    expect(body).toHaveLength(2);
    const current = body.filter((session: { current: boolean }) => session.current);
    expect(current).toMatchObject([{ id: claimsOf(other.token).sid, user_agent: 'Other Browser' }]);
    expect(current[0].ip).toMatch(/^[\d.:a-f]+$/);
  });

  it('can be ended one by one', async () => {
    const user = await join();
    const other = await logIn(user);
    const { sid } = claimsOf(other.token);

    expectMessage(await api(`DELETE /sessions/${sid}`, { token: user.token }), 'Session deleted');

    expectLoggedOut(await me(other.token));
    expectProblem(await refresh(other.cookie), 401, 'Invalid refresh token.');
    expect((await me(user.token)).status).toBe(200);
    expectProblem(await api(`DELETE /sessions/${sid}`, { token: user.token }), 404, 'Session not found');
  });

  it('can be ended all at once', async () => {
    const user = await join();
    const other = await logIn(user);

    expectMessage(await api('POST /logout-all', { token: user.token }), 'Logged out successfully');

    for (const { token, cookie } of [user, other]) {
      expectLoggedOut(await me(token));
      expectLoggedOut(await api('GET /sessions', { token }));
      expectProblem(await refresh(cookie), 401, 'Invalid refresh token.');
    }
    await logIn(user);
  });

  it('end with the password, but for the one that changed it', async () => {
    const user = await join();
    const other = await logIn(user);
    const changed = { ...user, password: 'another horse 9' };
    const body = { current_password: user.password, new_password: changed.password };

    expectMessage(await api('POST /user/me/password', { token: user.token, body }), 'Password updated');

    expectLoggedOut(await me(other.token));
    expectProblem(await refresh(other.cookie), 401, 'Invalid refresh token.');
    expect((await me(user.token)).status).toBe(200);
    expectSession(await refresh(user.cookie));
    const { username, password } = user;
    expectProblem(
      await api('POST /login', { form: { username, password } }),
      401,
      'Wrong username, email or password.',
    );
    await logIn(changed);
  });
});
