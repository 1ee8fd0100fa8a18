import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@repo/core';
import { type Api, undeclaredRoutes } from '@repo/testing';
import {
  type AuthApp,
  cookieOf,
  decode,
  fieldErrors,
  logIn,
  PASSWORD,
  refusal,
  startAuthApp,
  tokensOf,
} from './auth-app.js';

const WRONG = { status: 401, detail: 'Wrong username, email or password.' };
const SEVEN_DAYS = 7 * 86_400;

describe('POST /login', () => {
  let app: AuthApp;
  let api: Api;

  beforeAll(async () => {
    app = await startAuthApp();
    api = app.api;
  });
  afterAll(() => app.close());

  it('returns an access token in the body and a refresh token in a cookie', async () => {
    const { username, password } = app.users.add();

    const response = await api('POST /login', { form: { username, password } });

    expect(response.status).toBe(200);
    expect(response.body).toEqual({ access_token: expect.any(String), token_type: 'bearer' });
    expect(cookieOf(response)!.attributes.sort()).toEqual(
      ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', `Max-Age=${SEVEN_DAYS}`].sort(),
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('accepts a multipart form', async () => {
    const { username, password } = app.users.add();
    const form = new FormData();
    form.set('username', username);
    form.set('password', password);

    const response = await fetch(`${app.url}/api/v1/login`, { method: 'POST', body: form });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ token_type: 'bearer' });
  });

  it.each([
    ['multipart/form-data', 400],
    ['multipart/form-data; boundary=x', 400],
    ['multipart/form-data-x; boundary=x', 415],
    ['application/x-www-form-urlencoded; charset=utf-16', 415],
    ['application/json', 415],
    ['nothing', 415],
  ])('returns a refusal for a body that is no form of the type %s', async (type, status) => {
    const response = await api('POST /login', { raw: '--x', headers: { 'Content-Type': type } });

    expect(response.status).toBe(status);
    expect(response.body).toMatchObject({ status, detail: expect.any(String) });
  });

  it('accepts the email address in place of the username', async () => {
    const { username, password } = app.users.add();

    const response = await api('POST /login', { form: { username: `${username}@Example.com`, password } });

    expect(response.status).toBe(200);
  });

  it('puts the user, the session, the expiry and the kind of token into the claims', async () => {
    const user = app.users.add({ isSuperuser: true, tierId: 7 });

    const { accessToken, refreshToken } = await logIn(api, user);

    const [access, refresh] = [decode(accessToken), decode(refreshToken)];
    const common = {
      sub: String(user.id),
      username: user.username,
      is_superuser: true,
      tier_id: 7,
      sid: expect.any(String),
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      iss: expect.any(String),
      aud: expect.any(String),
    };
    expect(access.claims).toEqual({ ...common, token_type: 'access' });
    expect(refresh.claims).toEqual({ ...common, token_type: 'refresh' });
    expect(access.claims.exp - access.claims.iat).toBe(30 * 60);
    expect(refresh.claims.exp - refresh.claims.iat).toBe(SEVEN_DAYS);
    expect(access.claims.sid).toBe(refresh.claims.sid);
    expect(access.claims.jti).not.toBe(refresh.claims.jti);
  });

  it('returns the same error for an unknown name and for a wrong password', async () => {
    const { username } = app.users.add();

    const wrongPassword = await api('POST /login', { form: { username, password: 'wrong' } });
    const unknownName = await api('POST /login', { form: { username: 'unknown-user', password: PASSWORD } });

    expect(refusal(wrongPassword)).toEqual(WRONG);
    expect(refusal(unknownName)).toEqual(WRONG);
    expect(cookieOf(wrongPassword)).toBeUndefined();
  });

  it('ignores the other form fields of OAuth2 clients', async () => {
    const { username, password } = app.users.add();
    const besides = { grant_type: 'password', scope: 'all', client_id: 'me', client_secret: 'mine' };

    expect((await api('POST /login', { form: { username, password, ...besides } })).status).toBe(200);
  });

  it.each([
    ['no username', { username: undefined }, 'username', 'missing'],
    ['an empty username', { username: '' }, 'username', 'string_too_short'],
    ['no password', { password: undefined }, 'password', 'missing'],
    ['a username with a NUL', { username: 'a\0b' }, 'username', 'value_error'],
    ['another grant type', { grant_type: 'client_credentials' }, 'grant_type', 'string_pattern_mismatch'],
    ['an extra field', { remember: 'yes' }, 'remember', 'extra_forbidden'],
  ])('returns 422 for %s', async (_, changes, field, code) => {
    const fields = Object.entries({ username: 'any-user', password: PASSWORD, ...changes });
    const form = Object.fromEntries(
      fields.filter((entry): entry is [string, string] => entry[1] !== undefined),
    );

    const response = await api('POST /login', { form });

    expect(response.status).toBe(422);
    expect(fieldErrors(response)).toEqual({ [`body.${field}`]: code });
  });

  it('returns 422 when a field is sent twice', async () => {
    const { username, password } = app.users.add();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };

    const response = await api('POST /login', {
      raw: `username=${username}&username=x&password=${password}`,
      headers,
    });

    expect(response.status).toBe(422);
    expect(fieldErrors(response)).toEqual({ 'body.username': 'value_error' });
  });

  it('returns a client error when a field is a file', async () => {
    const form = new FormData();
    form.set('username', new Blob(['x']), 'x.txt');

    const response = await fetch(`${app.url}/api/v1/login`, { method: 'POST', body: form });

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });

  it('returns 415 for a JSON body', async () => {
    const response = await api('POST /login', { body: { username: 'x', password: PASSWORD } });

    expect(refusal(response)).toEqual({ status: 415, detail: 'Unsupported Media Type' });
  });

  it('returns 405 for GET', async () => {
    const response = await api('GET /login');

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('returns 503 while the users service is unavailable', async () => {
    const user = app.users.add();
    const { verifyCredentials } = app.users;
    app.users.verifyCredentials = async () => {
      throw new UnavailableError();
    };
    try {
      const response = await api('POST /login', {
        form: { username: user.username, password: user.password },
      });

      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
    } finally {
      app.users.verifyCredentials = verifyCredentials;
    }
  });

  it('keeps no session when the password is changed during the login', async () => {
    const user = app.users.add();
    const { verifyCredentials } = app.users;
    app.users.verifyCredentials = async (...credentials) => {
      const found = await verifyCredentials.apply(app.users, credentials);
      app.users.change(user, { password: 'another-battery-staple' });
      return found;
    };
    try {
      const { username } = user;
      const response = await api('POST /login', { form: { username, password: PASSWORD } });

      expect(refusal(response)).toEqual(WRONG);
      const live = 'SELECT id FROM auth.sessions WHERE user_id = $1 AND revoked_at IS NULL';
      expect(await app.database.query(live, [user.id])).toEqual([]);
    } finally {
      app.users.verifyCredentials = verifyCredentials;
    }
  });

  it('succeeds when other data of the user is changed during the login', async () => {
    const user = app.users.add();
    const { verifyCredentials } = app.users;
    app.users.verifyCredentials = async (...credentials) => {
      const found = await verifyCredentials.apply(app.users, credentials);
      app.users.change(user, { tierId: 7 });
      return found;
    };
    try {
      const { accessToken } = await logIn(api, user);

      expect((await api('GET /sessions', { token: accessToken })).status).toBe(200);
    } finally {
      app.users.verifyCredentials = verifyCredentials;
    }
  });

  it('creates a new session for every login', async () => {
    const user = app.users.add();

    const [first, second] = [await logIn(api, user), await logIn(api, user)];

    expect(decode(first.accessToken).claims.sid).not.toBe(decode(second.accessToken).claims.sid);
  });

  it('has an access declaration on every route of the service', () => {
    expect(undeclaredRoutes(app.nest)).toEqual([]);
  });

  it('returns a token that the routes of the service accept', async () => {
    const { accessToken } = tokensOf(
      await api('POST /login', { form: { username: app.users.add().username, password: PASSWORD } }),
    );

    expect((await api('GET /sessions', { token: accessToken })).status).toBe(200);
  });
});
