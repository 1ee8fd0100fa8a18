import { afterEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type Api, type TestApp, testToken } from '@repo/testing';
import { fieldErrors, refusal, signUpOf, startUsersApp } from './users-app.js';

const REFUSED = { status: 429, detail: 'Rate limit exceeded.' };

/** An IPv6 network that no other test uses. */
const network = () => `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}`;
const signUpFrom = (api: Api, address: string, body: object = signUpOf()) =>
  api('POST /user', { body, headers: { 'X-Forwarded-For': address } });

describe('sign-up', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('is limited per network and hour by SIGN_UP_LIMIT_PER_HOUR', async () => {
    app = await startUsersApp({ SIGN_UP_LIMIT_PER_HOUR: '2' });
    const [one, other] = [network(), network()];

    const first = await signUpFrom(app.api, `${one}::1`);
    expect(fieldErrors(await signUpFrom(app.api, `${one}::1`, { ...signUpOf(), name: '' }))).toEqual({
      'body.name': 'string_too_short',
    });
    const taken = await signUpFrom(app.api, `${one}::2`, signUpOf(first.body.username));
    const third = await signUpFrom(app.api, `${one}::3`);

    expect([first.status, taken.status]).toEqual([201, 422]);
    expect(first.headers.get('ratelimit-policy')).toBe('"sign_up";q=2;w=3600');
    expect(refusal(third)).toEqual(REFUSED);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(third.headers.get('ratelimit')).toMatch(/^"sign_up";r=0;t=\d+$/);
    const token = testToken({ id: 7 });
    const headers = { 'X-Forwarded-For': `${one}::4` };
    expect((await app.api('POST /user', { body: signUpOf(), token, headers })).status).toBe(429);
    expect((await signUpFrom(app.api, `${other}::1`)).status).toBe(201);
  });

  it.each<Record<string, string>>([{}, { SIGN_UP_LIMIT_PER_HOUR: '1', RATE_LIMIT_ENABLED: 'false' }])(
    'is not limited with the settings %j',
    async (env) => {
      app = await startUsersApp(env);
      const address = `${network()}::1`;

      for (let i = 0; i < 3; i++) {
        const { status, headers } = await signUpFrom(app.api, address);
        expect([status, headers.get('ratelimit')]).toEqual([201, null]);
      }
    },
  );

  it('returns 403 with SIGN_UP_ENABLED=false', async () => {
    app = await startUsersApp({ SIGN_UP_ENABLED: 'false' });

    const response = await signUpFrom(app.api, `${network()}::1`);

    expect(refusal(response)).toEqual({ status: 403, detail: 'Sign-up is disabled.' });
  });
});
