import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuthApp, logIn, PASSWORD, startAuthApp } from './auth-app.js';

const SECRET = 'a-secret-of-the-staging-tests';
const staging = {
  ENVIRONMENT: 'staging',
  SECRET_KEY: SECRET,
  POSTGRES_PASSWORD: SECRET,
  NATS_PASSWORD: SECRET,
  REDIS_PASSWORD: SECRET,
};

const basic = (login: string, password = PASSWORD) =>
  `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;

const PATHS = ['/docs', '/redoc', '/openapi.json', '/docs/start.js'];

describe('the documentation in staging', () => {
  let app: AuthApp;

  beforeAll(async () => {
    app = await startAuthApp(staging);
  });
  afterAll(() => app.close());

  const get = (path: string, authorization?: string) =>
    fetch(app.url + path, { headers: authorization === undefined ? {} : { Authorization: authorization } });

  it.each(PATHS)('returns 401 with a Basic challenge for %s without credentials', async (path) => {
    const response = await get(path);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each(PATHS)('returns 401 with a Basic challenge for %s after a wrong password', async (path) => {
    const response = await get(path, basic(app.users.add({ isSuperuser: true }).username, 'wrong'));

    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic /),
    ]);
  });

  it.each(PATHS)('returns 401 for %s with an invalid token', async (path) => {
    expect((await get(path, 'Bearer nonsense')).status).toBe(401);
  });

  it.each(PATHS)('returns 403 for %s to users without privileges, by password and by token', async (path) => {
    const user = app.users.add();
    const { accessToken } = await logIn(app.api, user);

    expect((await get(path, basic(user.username))).status).toBe(403);
    expect((await get(path, `Bearer ${accessToken}`)).status).toBe(403);
  });

  it.each(PATHS)('returns %s to superusers, by password and by token', async (path) => {
    const user = app.users.add({ isSuperuser: true });
    const { accessToken } = await logIn(app.api, user);

    expect((await get(path, basic(user.username))).status).toBe(200);
    expect((await get(path, `Bearer ${accessToken}`)).status).toBe(200);
  });
});
