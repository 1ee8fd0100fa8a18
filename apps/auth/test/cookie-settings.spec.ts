import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ApiAnswer } from '@repo/testing';
import { type AuthApp, fieldErrors, PASSWORD, refusal, startAuthApp } from './auth-app.js';

const CROSS_SITE = { Origin: 'https://app.example', 'Sec-Fetch-Site': 'cross-site' };

const cookiesOf = ({ headers }: ApiAnswer) => headers.getSetCookie();

describe('the settings of the refresh cookie', () => {
  let app: AuthApp;
  let form: { username: string; password: string };

  beforeAll(async () => {
    app = await startAuthApp({
      REFRESH_COOKIE_NAME: 'shop_session',
      REFRESH_COOKIE_SECURE: 'false',
      REFRESH_COOKIE_SAMESITE: 'Strict',
      REFRESH_COOKIE_DOMAIN: 'example.com',
      REFRESH_COOKIE_PATH: '/api/v1',
      REFRESH_TOKEN_IN_BODY: 'true',
      CORS_ORIGINS: 'https://app.example',
    });
    form = { username: app.users.add().username, password: PASSWORD };
  });
  afterAll(() => app.close());
  afterEach(() => void jest.restoreAllMocks());

  const logIn = (headers: Record<string, string> = {}) => app.api('POST /login', { form, headers });
  const send = (route: 'POST /refresh' | 'POST /logout', body?: unknown, Cookie = '') =>
    app.api(route, { body, headers: { Cookie } });

  it('decide its name and attributes, also when it is cleared', async () => {
    const attributes = 'Domain=example.com; Path=/api/v1; HttpOnly; SameSite=Strict';
    const login = await logIn();
    const [cookie = ''] = cookiesOf(login);
    expect(cookie).toMatch(new RegExp(`^shop_session=\\S+; Max-Age=604800; ${attributes}$`));

    const refreshed = await send('POST /refresh', undefined, cookie.split(';')[0]);
    expect(cookiesOf(refreshed)).toEqual([expect.stringMatching(/^shop_session=\S/)]);

    const logout = await send('POST /logout', undefined, cookiesOf(refreshed)[0]!.split(';')[0]);
    expect([logout.status, cookiesOf(logout)]).toEqual([200, [`shop_session=; Max-Age=0; ${attributes}`]]);
  });

  it('make another cookie with the default name mean nothing', async () => {
    const { body } = await logIn();

    expect(refusal(await send('POST /refresh', undefined, `refresh_token=${body.refresh_token}`))).toEqual({
      status: 401,
      detail: 'Refresh token missing.',
    });
  });

  describe('with REFRESH_TOKEN_IN_BODY', () => {
    it('a client without cookies logs in, refreshes and logs out', async () => {
      const { body: login } = await logIn();
      const { body: next } = await send('POST /refresh', { refresh_token: login.refresh_token });
      expect(next).toEqual({
        access_token: expect.any(String),
        token_type: 'bearer',
        refresh_token: expect.any(String),
      });

      const logout = await send('POST /logout', { refresh_token: next.refresh_token });

      expect([logout.status, logout.body]).toEqual([200, { message: 'Logged out successfully' }]);
      expect((await send('POST /refresh', { refresh_token: next.refresh_token })).status).toBe(401);
    });

    it('an invalid body is refused', async () => {
      for (const [body, errors] of [
        [{ refresh_token: 5 }, { 'body.refresh_token': 'string_type' }],
        [{ token: 'x' }, { 'body.token': 'extra_forbidden' }],
        [[], { body: 'json_invalid' }],
      ] as const) {
        const answer = await send('POST /refresh', body);
        expect([answer.status, fieldErrors(answer)]).toEqual([422, errors]);
      }
      expect((await app.api('POST /refresh', { form: { refresh_token: 'x' } })).status).toBe(415);
    });
  });

  it('are warned about once, when the page that logs in cannot keep the cookie', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);

    await logIn(CROSS_SITE);
    await logIn(CROSS_SITE);

    expect(warn.mock.calls.map(([line]) => (line as { msg: string }).msg)).toEqual([
      expect.stringMatching(/^REFRESH_COOKIE_SAMESITE=strict: .*another site/),
      expect.stringMatching(/^REFRESH_COOKIE_DOMAIN=example\.com: .*127\.0\.0\.1/),
    ]);
  });
});

it('warns at the start about settings with which browsers drop the refresh cookie', async () => {
  const warn = jest.spyOn(Logger.prototype, 'warn');
  const app = await startAuthApp({
    PUBLIC_URL: 'http://192.168.0.5:8000',
    REFRESH_COOKIE_DOMAIN: 'example.com',
  });
  await app.close();

  const lines = warn.mock.calls.map(([line]) => line as { event?: string; msg: string });
  expect(lines.filter(({ event }) => event === 'cookie.dropped').map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/^REFRESH_COOKIE_SECURE=true: .*http:\/\/192\.168\.0\.5:8000/),
    expect.stringMatching(/^REFRESH_COOKIE_DOMAIN=example\.com: .*192\.168\.0\.5/),
  ]);
});
