import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuthApp, logIn, startAuthApp } from './auth-app.js';

const SECRET = 'a-secret-of-the-production-tests';
const production = {
  ENVIRONMENT: 'production',
  SECRET_KEY: SECRET,
  POSTGRES_PASSWORD: SECRET,
  NATS_PASSWORD: SECRET,
  REDIS_PASSWORD: SECRET,
};

describe('the documentation in production', () => {
  let app: AuthApp;

  beforeAll(async () => {
    app = await startAuthApp(production);
  });
  afterAll(() => app.close());

  it.each(['/docs', '/redoc', '/openapi.json', '/docs/start.js'])(
    'returns 404 to superusers for %s',
    async (path) => {
      const { accessToken } = await logIn(app.api, app.users.add({ isSuperuser: true }));

      const response = await fetch(app.url + path, { headers: { Authorization: `Bearer ${accessToken}` } });

      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ detail: 'Not Found' });
    },
  );
});
