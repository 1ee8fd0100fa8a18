import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthApp } from './auth-app.js';

process.env.ENVIRONMENT = 'production';
process.env.SECRET_KEY = 'a-secret-key-for-the-production-tests';
process.env.POSTGRES_PASSWORD = 'a-password-for-the-production-tests';
process.env.NATS_PASSWORD = 'a-password-for-the-production-tests';
process.env.REDIS_PASSWORD = 'a-password-for-the-production-tests';
const { logIn, startAuthApp } = await import('./auth-app.js');

describe('the documentation in production', () => {
  let app: AuthApp;

  beforeAll(async () => {
    app = await startAuthApp();
  });
  afterAll(() => app.close());

  it.each(['/docs', '/redoc', '/openapi.json', '/docs/start.js'])(
    'is not there, not even for superusers: %s',
    async (path) => {
      const { accessToken } = await logIn(app.api, app.users.add({ isSuperuser: true }));

      const answer = await fetch(app.url + path, { headers: { Authorization: `Bearer ${accessToken}` } });

      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ detail: 'Not Found' });
    },
  );
});
