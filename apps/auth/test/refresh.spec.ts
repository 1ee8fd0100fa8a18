import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import type { Api } from '@repo/testing';
import { SigningKeysService } from '../src/signing-keys/signing-keys.service.js';
import {
  type AuthApp,
  cookieOf,
  decode,
  logIn,
  refresh,
  refusal,
  startAuthApp,
  tokensOf,
} from './auth-app.js';

const MISSING = { status: 401, detail: 'Refresh token missing.' };
const INVALID = { status: 401, detail: 'Invalid refresh token.' };
const DEAD_TOKEN = { status: 401, detail: 'User not authenticated.' };

describe('POST /refresh', () => {
  let app: AuthApp;
  let api: Api;

  beforeAll(async () => {
    app = await startAuthApp();
    api = app.api;
  });
  afterAll(() => app.close());

  /** Sets the time of use of the token back by that many seconds. */
  const letPass = (seconds: number, refreshToken: string) =>
    app.database.query(
      'UPDATE auth.refresh_tokens SET used_at = used_at - make_interval(secs => $1) WHERE id = $2',
      [seconds, decode(refreshToken).claims.jti],
    );

  it('returns a new access token and a new refresh token of the same session', async () => {
    const before = await logIn(api, app.users.add());

    const response = await refresh(api, before.refreshToken);

    expect(response.status).toBe(200);
    expect(response.body).toEqual({ access_token: expect.any(String), token_type: 'bearer' });
    expect(cookieOf(response)!.attributes.sort()).toEqual(
      ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', `Max-Age=${7 * 86_400}`].sort(),
    );
    const after = tokensOf(response);
    expect(decode(after.refreshToken).claims.jti).not.toBe(decode(before.refreshToken).claims.jti);
    expect(decode(after.refreshToken).claims.sid).toBe(decode(before.refreshToken).claims.sid);
    expect((await api('GET /sessions', { token: after.accessToken })).status).toBe(200);
  });

  it('accepts each new refresh token for the next refresh', async () => {
    let { refreshToken } = await logIn(api, app.users.add());

    for (let i = 0; i < 3; i++) {
      const response = await refresh(api, refreshToken);
      expect(response.status).toBe(200);
      ({ refreshToken } = tokensOf(response));
    }
  });

  it('puts the current name, privileges and tier of the user into the new token', async () => {
    const user = app.users.add();
    const { refreshToken } = await logIn(api, user);
    app.users.add({ ...user, isSuperuser: true, tierId: 3, username: `${user.username}x` });

    const { accessToken } = tokensOf(await refresh(api, refreshToken));

    expect(decode(accessToken).claims).toMatchObject({
      is_superuser: true,
      tier_id: 3,
      username: `${user.username}x`,
    });
  });

  it('ignores the Authorization header and the body', async () => {
    const { refreshToken } = await logIn(api, app.users.add());

    const response = await api('POST /refresh', {
      token: 'nonsense',
      raw: '{"not": JSON',
      headers: { Cookie: `other=1; refresh_token=${refreshToken}`, 'Content-Type': 'application/json' },
    });

    expect(response.status).toBe(200);
  });

  it('returns the same successor to 20 parallel requests', async () => {
    const { refreshToken } = await logIn(api, app.users.add());

    const responses = await Promise.all(Array.from({ length: 20 }, () => refresh(api, refreshToken)));

    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const successors = new Set(responses.map((response) => decode(cookieOf(response)!.value).claims.jti));
    expect(successors.size).toBe(1);
    const next = await refresh(api, cookieOf(responses[7]!)!.value);
    expect(next.status).toBe(200);
  });

  it('returns the same successor as long as that was not used', async () => {
    const { refreshToken } = await logIn(api, app.users.add());
    const lost = await refresh(api, refreshToken);
    await letPass(86_400, refreshToken);

    const again = await refresh(api, refreshToken);

    expect(again.status).toBe(200);
    expect(decode(cookieOf(again)!.value).claims).toEqual(decode(cookieOf(lost)!.value).claims);
    expect((await api('GET /sessions', { token: again.body.access_token })).status).toBe(200);
    expect((await refresh(api, cookieOf(again)!.value)).status).toBe(200);
  });

  it('returns the same successor within ten seconds after that was used', async () => {
    const { refreshToken } = await logIn(api, app.users.add());
    const heir = tokensOf(await refresh(api, refreshToken));
    await refresh(api, heir.refreshToken);
    await letPass(8, heir.refreshToken);

    const again = await refresh(api, refreshToken);

    expect(decode(cookieOf(again)!.value).claims).toEqual(decode(heir.refreshToken).claims);
    expect((await refresh(api, heir.refreshToken)).status).toBe(200);
  });

  it('ends the session when a token is sent more than ten seconds after its successor was used', async () => {
    const user = app.users.add();
    const { refreshToken, accessToken } = await logIn(api, user);
    const heir = tokensOf(await refresh(api, refreshToken));
    const last = tokensOf(await refresh(api, heir.refreshToken));
    const other = await logIn(api, user);
    await letPass(11, heir.refreshToken);

    const stolen = await refresh(api, refreshToken);

    expect(refusal(stolen)).toEqual(INVALID);
    expect(cookieOf(stolen)).toBeUndefined();
    for (const dead of [heir, last]) {
      expect(refusal(await refresh(api, dead.refreshToken))).toEqual(INVALID);
      expect(refusal(await api('GET /sessions', { token: dead.accessToken }))).toEqual(DEAD_TOKEN);
    }
    expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
    expect((await refresh(api, other.refreshToken)).status).toBe(200);
  });

  it('returns 401 without the cookie', async () => {
    expect(refusal(await api('POST /refresh'))).toEqual(MISSING);
    expect(refusal(await api('POST /refresh', { headers: { Cookie: 'refresh_token=' } }))).toEqual(MISSING);
  });

  describe('returns 401 with "Invalid refresh token." for', () => {
    it('a cookie value that is not a token', async () => {
      expect(refusal(await refresh(api, 'nonsense'))).toEqual(INVALID);
    });

    it('an access token', async () => {
      const { accessToken } = await logIn(api, app.users.add());

      expect(refusal(await refresh(api, accessToken))).toEqual(INVALID);
    });

    it('a token with a changed signature', async () => {
      const { refreshToken } = await logIn(api, app.users.add());
      const at = refreshToken.length - 20;
      const changed =
        refreshToken.slice(0, at) + (refreshToken[at] === 'A' ? 'B' : 'A') + refreshToken.slice(at + 1);

      expect(refusal(await refresh(api, changed))).toEqual(INVALID);
    });

    it('an expired token', async () => {
      const { refreshToken } = await logIn(api, app.users.add());
      const { header, claims } = decode(refreshToken);
      const { privateKey } = await app.nest.get(SigningKeysService).signingKey();
      const expired = new JwtService().sign(
        { ...claims, exp: claims.iat - 1 },
        { privateKey, algorithm: 'ES256', header },
      );

      expect(refusal(await refresh(api, expired))).toEqual(INVALID);
      expect((await refresh(api, refreshToken)).status).toBe(200);
    });

    it('a token of an expired session', async () => {
      const { refreshToken } = await logIn(api, app.users.add());
      await app.database.query('UPDATE auth.sessions SET expires_at = now() WHERE id = $1', [
        decode(refreshToken).claims.sid,
      ]);

      expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID);
    });

    it('a token of a session that was logged out', async () => {
      const { refreshToken, accessToken } = await logIn(api, app.users.add());
      await api('POST /logout', { token: accessToken });

      expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID);
    });

    it('a token of a user that does not exist', async () => {
      const user = app.users.add();
      const { refreshToken } = await logIn(api, user);
      app.users.people.delete(user.id);

      expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID);
    });
  });

  it('returns 403 to requests from pages of other sites, and names the origin and the setting', async () => {
    const { refreshToken } = await logIn(api, app.users.add());

    const foreign: [Record<string, string>, RegExp][] = [
      [{ Origin: 'https://evil.example' }, /the origin https:\/\/evil\.example .*CORS_ORIGINS/],
      [{ Origin: 'null' }, /the origin null .*CORS_ORIGINS/],
      [{ 'Sec-Fetch-Site': 'cross-site' }, /another site .*CORS_ORIGINS/],
    ];
    for (const [headers, detail] of foreign) {
      const { status, body } = await refresh(api, refreshToken, headers);
      expect([status, body.type]).toEqual([403, 'urn:problem:foreign-origin']);
      expect(body.detail).toMatch(detail);
    }
    expect((await refresh(api, refreshToken, { Origin: app.url })).status).toBe(200);
  });

  it('creates refresh tokens that other routes refuse as access tokens', async () => {
    const { refreshToken } = await logIn(api, app.users.add());

    expect(refusal(await api('GET /sessions', { token: refreshToken }))).toEqual(DEAD_TOKEN);
  });
});
