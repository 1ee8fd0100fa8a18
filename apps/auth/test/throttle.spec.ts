import { randomInt, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Api, ApiAnswer } from '@repo/testing';
import { type AuthApp, logIn, PASSWORD, refusal, startAuthApp } from './auth-app.js';

const WRONG = { status: 401, detail: 'Wrong username, email or password.' };

describe('login throttling', () => {
  let app: AuthApp;
  let api: Api;

  beforeAll(async () => {
    app = await startAuthApp({ LOGIN_MAX_FAILURES: '3', LOGIN_MAX_FAILURES_PER_ADDRESS: '5' });
    api = app.api;
  });
  afterAll(() => app.close());

  /** A random address, so that no other test uses it. */
  const address = () => `198.51.${randomInt(256)}.${randomInt(256)}`;
  const attempt = (username: string, from: string, password = 'wrong') =>
    api('POST /login', { form: { username, password }, headers: { 'X-Forwarded-For': from } });
  const expectSlowedDown = (response: ApiAnswer) => {
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(900);
  };

  it('refuses all attempts at an account after too many failures, from every address', async () => {
    const { username } = app.users.add();
    for (let i = 0; i < 3; i++) expect(refusal(await attempt(username, address()))).toEqual(WRONG);

    expectSlowedDown(await attempt(username, address()));
    expectSlowedDown(await attempt(username, address(), PASSWORD));
    expectSlowedDown(await attempt(username.toUpperCase(), address()));
  });

  it('accepts the owner from a network with an earlier login while other networks are refused', async () => {
    const { username } = app.users.add();
    const home = address();
    expect((await attempt(username, home, PASSWORD)).status).toBe(200);
    for (let i = 0; i < 3; i++) await attempt(username, address());
    expectSlowedDown(await attempt(username, address(), PASSWORD));

    expect((await attempt(username, home, PASSWORD)).status).toBe(200);
    for (let i = 0; i < 3; i++) expect(refusal(await attempt(username, home))).toEqual(WRONG);
    expectSlowedDown(await attempt(username, home, PASSWORD));
  });

  it('counts parallel attempts at an account', async () => {
    const { username } = app.users.add();

    const responses = await Promise.all(Array.from({ length: 20 }, () => attempt(username, address())));

    expect(responses.filter(({ status }) => status === 401)).toHaveLength(3);
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(17);
  });

  it('verifies few parallel attempts at a time and responds to all of them', async () => {
    const users = Array.from({ length: 4 * availableParallelism() }, () => app.users.add());
    const verify = app.users.verifyCredentials.bind(app.users);
    let [verifying, most] = [0, 0];
    const spy = jest.spyOn(app.users, 'verifyCredentials').mockImplementation(async (...credentials) => {
      most = Math.max(most, ++verifying);
      await delay(10);
      verifying -= 1;
      return verify(...credentials);
    });

    const responses = await Promise.all(users.map(({ username }) => attempt(username, address(), PASSWORD)));
    spy.mockRestore();

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(users.length);
    expect(most).toBe(Math.ceil(availableParallelism() / 2));
  });

  it('counts the failures of all addresses of one IPv6 network together', async () => {
    const network = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;
    for (let i = 1; i <= 5; i++)
      expect(refusal(await attempt(randomUUID(), `${network}::${i}`))).toEqual(WRONG);

    expectSlowedDown(await attempt(randomUUID(), `${network}:ffff::1`));
  });

  it('counts failures for unknown names', async () => {
    const name = randomUUID();
    for (let i = 0; i < 3; i++) expect(refusal(await attempt(name, address()))).toEqual(WRONG);

    expectSlowedDown(await attempt(name, address()));
  });

  it('refuses an address after too many failures with different names', async () => {
    const from = address();
    for (let i = 0; i < 5; i++) expect(refusal(await attempt(randomUUID(), from))).toEqual(WRONG);

    expectSlowedDown(await attempt(randomUUID(), from));
    expect(refusal(await attempt(randomUUID(), address()))).toEqual(WRONG);
  });

  it('does not count successful logins', async () => {
    const { username } = app.users.add();
    const from = address();

    for (let i = 0; i < 7; i++) expect((await attempt(username, from, PASSWORD)).status).toBe(200);
  });

  it('does not count successful parallel logins', async () => {
    const { username } = app.users.add();
    const from = address();

    const responses = await Promise.all(Array.from({ length: 20 }, () => attempt(username, from, PASSWORD)));

    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });

  it('accepts correct passwords among wrong ones until the limit of failures', async () => {
    const { username } = app.users.add();
    const attempts = [...Array.from({ length: 8 }, () => PASSWORD), 'wrong', 'wrong', PASSWORD, PASSWORD];

    const responses = await Promise.all(attempts.map((password) => attempt(username, address(), password)));

    expect(responses.map(({ status }) => status)).toEqual(
      attempts.map((password) => (password === PASSWORD ? 200 : 401)),
    );
    expect(refusal(await attempt(username, address()))).toEqual(WRONG);
    expectSlowedDown(await attempt(username, address()));
  });

  it('counts wrong current passwords in changes of the password', async () => {
    const { accessToken } = await logIn(api, app.users.add(), { 'X-Forwarded-For': address() });
    const change = (current: string) =>
      api('POST /user/me/password', {
        token: accessToken,
        body: { current_password: current, new_password: 'staple-correct-horse' },
      });
    for (let i = 0; i < 3; i++) expect((await change('wrong')).status).toBe(401);

    expectSlowedDown(await change(PASSWORD));
  });
});
