import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import type { TokenClaims } from '@repo/auth';
import { Database } from '@repo/database';
import type { Api } from '@repo/testing';
import { SessionsService } from '../src/sessions/sessions.service.js';
import { SigningKeysService } from '../src/signing-keys/signing-keys.service.js';
import {
  type AuthApp,
  cookieOf,
  decode,
  fieldErrors,
  logIn,
  PASSWORD,
  refresh,
  refusal,
  startAuthApp,
} from './auth-app.js';

const NOT_AUTHENTICATED = { status: 401, detail: 'Not authenticated' };
const DEAD_TOKEN = { status: 401, detail: 'User not authenticated.' };
const INVALID_TOKEN = { status: 401, detail: 'Invalid token.' };
const INVALID_REFRESH = { status: 401, detail: 'Invalid refresh token.' };
const SESSION_NOT_FOUND = { status: 404, detail: 'Session not found' };
const CLEARED = ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=0'].sort();

describe('sessions', () => {
  let app: AuthApp;
  let api: Api;

  beforeAll(async () => {
    app = await startAuthApp();
    api = app.api;
    ({ privateKey } = await app.nest.get(SigningKeysService).signingKey());
  });
  afterAll(() => app.close());

  const sidOf = (token: string) => decode(token).claims.sid;
  const logOut = (refreshToken?: string, token?: string) =>
    api('POST /logout', { token, headers: refreshToken ? { Cookie: `refresh_token=${refreshToken}` } : {} });
  const revokeAccessTokens = ({ id, version }: { id: number; version: number }) =>
    app.nest
      .get(Database)
      .transaction((tx) =>
        app.nest.get(SessionsService).revokeAccessTokens({ id, version: version + 1 }, tx),
      );

  let privateKey: Awaited<ReturnType<SigningKeysService['signingKey']>>['privateKey'];
  /** The token with other claims, correctly signed. */
  const sign = (token: string, changes: Partial<TokenClaims>) => {
    const { header, claims } = decode(token);
    return new JwtService().sign({ ...claims, ...changes }, { privateKey, algorithm: 'ES256', header });
  };

  describe('POST /logout', () => {
    it('ends the session: its tokens are refused and the cookie is cleared', async () => {
      const { accessToken, refreshToken } = await logIn(api, app.users.add());

      const response = await api('POST /logout', { token: accessToken });

      expect([response.status, response.body]).toEqual([200, { message: 'Logged out successfully' }]);
      expect(cookieOf(response)!.value).toBe('');
      expect(cookieOf(response)!.attributes.sort()).toEqual(CLEARED);
      expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
      expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID_REFRESH);
    });

    it('revokes access tokens that were issued before a refresh of the session', async () => {
      const { accessToken, refreshToken } = await logIn(api, app.users.add());
      const { body } = await refresh(api, refreshToken);

      await api('POST /logout', { token: body.access_token });

      expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
    });

    it('keeps the other sessions of the user', async () => {
      const user = app.users.add();
      const [here, there] = [await logIn(api, user), await logIn(api, user)];

      await api('POST /logout', { token: here.accessToken });

      expect((await api('GET /sessions', { token: there.accessToken })).status).toBe(200);
      expect((await refresh(api, there.refreshToken)).status).toBe(200);
    });

    it('ignores the body', async () => {
      const { accessToken } = await logIn(api, app.users.add());
      const headers = { 'Content-Type': 'application/json' };

      expect((await api('POST /logout', { token: accessToken, raw: 'no JSON', headers })).status).toBe(200);
    });

    it('ends the session of the cookie when the access token is expired, revoked, malformed or missing', async () => {
      const user = app.users.add();
      const ended = await logIn(api, user);
      await api('POST /logout', { token: ended.accessToken });

      const expired = (token: string) => sign(token, { exp: decode(token).claims.iat - 1 });
      for (const tokenOf of [expired, () => ended.accessToken, () => 'nonsense', () => undefined]) {
        const { accessToken, refreshToken } = await logIn(api, user);

        const response = await logOut(refreshToken, tokenOf(accessToken));

        expect([response.status, response.body]).toEqual([200, { message: 'Logged out successfully' }]);
        expect(cookieOf(response)!.attributes.sort()).toEqual(CLEARED);
        expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
        expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID_REFRESH);
      }
    });

    it('ends the session of the cookie when the privileges of the user have changed', async () => {
      const user = app.users.add();
      const { accessToken, refreshToken } = await logIn(api, user);
      await revokeAccessTokens(user);
      expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);

      expect((await logOut(refreshToken, accessToken)).status).toBe(200);
      expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID_REFRESH);
    });

    it('ends the session of a usable access token, not the one of the cookie', async () => {
      const user = app.users.add();
      const [here, there] = [await logIn(api, user), await logIn(api, user)];

      expect((await logOut(there.refreshToken, here.accessToken)).status).toBe(200);

      expect(refusal(await refresh(api, here.refreshToken))).toEqual(INVALID_REFRESH);
      expect((await refresh(api, there.refreshToken)).status).toBe(200);
    });

    it('returns 401 without a token and a cookie, and clears the cookie', async () => {
      const response = await api('POST /logout');

      expect(refusal(response)).toEqual(NOT_AUTHENTICATED);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(cookieOf(response)!.attributes.sort()).toEqual(CLEARED);
    });

    it('returns 401 and clears the cookie when neither the token nor the cookie names a live session', async () => {
      const { accessToken, refreshToken } = await logIn(api, app.users.add());
      const expired = sign(accessToken, { exp: decode(accessToken).claims.iat - 1 });

      for (const [token, cookie] of [
        ['nonsense'],
        [refreshToken],
        [expired],
        [undefined, 'nonsense'],
        [undefined, accessToken],
        [expired, sign(refreshToken, { exp: decode(refreshToken).claims.iat - 1 })],
        [expired, sign(refreshToken, { sid: randomUUID() })],
      ]) {
        const response = await logOut(cookie, token);
        expect(refusal(response)).toEqual(INVALID_TOKEN);
        expect(cookieOf(response)!.attributes.sort()).toEqual(CLEARED);
      }
      expect((await logOut(refreshToken, accessToken)).status).toBe(200);
      expect(refusal(await logOut(refreshToken, accessToken))).toEqual(INVALID_TOKEN);
    });

    it('returns 403 to requests from pages of other sites', async () => {
      const { accessToken } = await logIn(api, app.users.add());

      const response = await api('POST /logout', {
        token: accessToken,
        headers: { Origin: 'https://evil.example' },
      });

      expect(response.status).toBe(403);
    });
  });

  describe('POST /logout-all', () => {
    it('ends all sessions of the user and keeps those of other users', async () => {
      const user = app.users.add();
      const [here, there] = [await logIn(api, user), await logIn(api, user)];
      const other = await logIn(api, app.users.add());

      const response = await api('POST /logout-all', { token: here.accessToken });

      expect(response.status).toBe(200);
      expect(cookieOf(response)!.attributes.sort()).toEqual(CLEARED);
      for (const { accessToken, refreshToken } of [here, there]) {
        expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
        expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID_REFRESH);
      }
      expect((await api('GET /sessions', { token: other.accessToken })).status).toBe(200);
    });

    it('accepts the next login of the user immediately', async () => {
      const user = app.users.add();
      const { accessToken } = await logIn(api, user);
      await api('POST /logout-all', { token: accessToken });

      const again = await logIn(api, user);

      expect((await api('GET /sessions', { token: again.accessToken })).status).toBe(200);
    });

    it('returns 401 without a valid token', async () => {
      expect(refusal(await api('POST /logout-all'))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api('POST /logout-all', { token: 'nonsense' }))).toEqual(DEAD_TOKEN);
    });
  });

  describe('GET /sessions', () => {
    it('returns the sessions of the caller, the newest first', async () => {
      const user = app.users.add();
      const there = await logIn(api, user, { 'X-Forwarded-For': '203.0.113.7', 'User-Agent': 'Phone/1' });
      const here = await logIn(api, user, { 'User-Agent': 'Desk/2' });
      await logIn(api, app.users.add());

      const response = await api('GET /sessions', { token: here.accessToken });

      const times = { created_at: expect.stringMatching(/Z$/), last_used_at: expect.stringMatching(/Z$/) };
      expect(response.body).toEqual([
        { id: sidOf(here.accessToken), ip: '127.0.0.1', user_agent: 'Desk/2', current: true, ...times },
        { id: sidOf(there.accessToken), ip: '203.0.113.7', user_agent: 'Phone/1', current: false, ...times },
      ]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    });

    it('returns no ended session', async () => {
      const user = app.users.add();
      const { accessToken: ended } = await logIn(api, user);
      const { accessToken } = await logIn(api, user);
      await api('POST /logout', { token: ended });

      const { body } = await api('GET /sessions', { token: accessToken });

      expect(body.map(({ id }: { id: string }) => id)).toEqual([sidOf(accessToken)]);
    });

    it('returns 401 without a valid token', async () => {
      expect(refusal(await api('GET /sessions'))).toEqual(NOT_AUTHENTICATED);
      expect(refusal(await api('GET /sessions', { token: 'nonsense' }))).toEqual(DEAD_TOKEN);
    });
  });

  describe('DELETE /sessions/{id}', () => {
    it('ends that session and keeps the others', async () => {
      const user = app.users.add();
      const [here, there] = [await logIn(api, user), await logIn(api, user)];

      const response = await api(`DELETE /sessions/${sidOf(there.accessToken)}`, { token: here.accessToken });

      expect([response.status, response.body]).toEqual([200, { message: expect.any(String) }]);
      expect(refusal(await api('GET /sessions', { token: there.accessToken }))).toEqual(DEAD_TOKEN);
      expect(refusal(await refresh(api, there.refreshToken))).toEqual(INVALID_REFRESH);
      expect((await api('GET /sessions', { token: here.accessToken })).status).toBe(200);
    });

    it('returns 404 for an id that is not one of the sessions of the caller', async () => {
      const { accessToken } = await logIn(api, app.users.add());
      const foreign = await logIn(api, app.users.add());

      for (const id of [randomUUID(), 'no-uuid', '1', sidOf(foreign.accessToken)]) {
        expect(refusal(await api(`DELETE /sessions/${id}`, { token: accessToken }))).toEqual(
          SESSION_NOT_FOUND,
        );
      }
      expect((await api('GET /sessions', { token: foreign.accessToken })).status).toBe(200);
    });

    it('returns 404 for an ended session', async () => {
      const user = app.users.add();
      const [here, there] = [await logIn(api, user), await logIn(api, user)];
      const route = `DELETE /sessions/${sidOf(there.accessToken)}` as const;
      await api(route, { token: here.accessToken });

      expect(refusal(await api(route, { token: here.accessToken }))).toEqual(SESSION_NOT_FOUND);
    });

    it('returns 401 without a token', async () => {
      expect(refusal(await api(`DELETE /sessions/${randomUUID()}`))).toEqual(NOT_AUTHENTICATED);
    });
  });

  describe('POST /user/me/password', () => {
    const change = (token: string | undefined, changes: object = {}) =>
      api('POST /user/me/password', {
        token,
        body: { current_password: PASSWORD, new_password: 'staple-correct-horse', ...changes },
      });

    it('changes the password', async () => {
      const user = app.users.add();
      const { accessToken } = await logIn(api, user);

      const response = await change(accessToken);

      expect([response.status, response.body]).toEqual([200, { message: 'Password updated' }]);
      expect(user.password).toBe('staple-correct-horse');
    });

    it('returns 401 for a wrong current password', async () => {
      const user = app.users.add();
      const { accessToken } = await logIn(api, user);

      expect(refusal(await change(accessToken, { current_password: 'wrong' }))).toEqual({
        status: 401,
        detail: 'Wrong password.',
      });
      expect(user.password).toBe(PASSWORD);
      expect((await api('GET /sessions', { token: accessToken })).status).toBe(200);
    });

    it('returns 401 without a token', async () => {
      expect(refusal(await change(undefined))).toEqual(NOT_AUTHENTICATED);
    });

    it.each([
      ['a short password', { new_password: 'short' }, 'new_password', 'string_too_short'],
      ['a common password', { new_password: 'password123' }, 'new_password', 'value_error'],
      ['no current password', { current_password: undefined }, 'current_password', 'missing'],
      ['an extra field', { user_id: 1 }, 'user_id', 'extra_forbidden'],
    ])('returns 422 for %s', async (_, changes, field, code) => {
      const { accessToken } = await logIn(api, app.users.add());

      const response = await change(accessToken, changes);

      expect(response.status).toBe(422);
      expect(fieldErrors(response)).toEqual({ [`body.${field}`]: code });
    });
  });
});
