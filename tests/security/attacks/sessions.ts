import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Attack } from '../attack.ts';
import { withTrustedKey } from '../forge.ts';
import { type Fixture, REPLICAS } from '../fixture.ts';
import { ROOT } from '../../../tools/lib/root.ts';
import { api } from '../../support/api.ts';
import { claimsOf, createUser, logIn, refreshCookie, uniqueName, type User } from '../../support/users.ts';

/** A route that needs a token, of each service. */
const OWN_ROUTES: Record<string, `GET /${string}`> = {
  auth: 'GET /sessions',
  users: 'GET /user/me',
  jobs: 'GET /tasks',
};

/** The number of processes that accept a token. In posts only writes need one. */
async function acceptedBy(fixture: Fixture, token: string, username: string): Promise<string> {
  const answers = await Promise.all(
    REPLICAS.map((name) => {
      const service = name.replace('-2', '');
      const call = fixture.service(name);
      return service === 'posts'
        ? call(`PATCH /${username}/post/1`, { token, body: {} })
        : call(OWN_ROUTES[service]!, { token });
    }),
  );
  return `accepted by ${answers.filter(({ status }) => status !== 401).length} of ${REPLICAS.length} processes`;
}

/** Ends sessions, and then sends an earlier token to every process of every service. */
function ended(name: string, asvs: string, end: (user: User, fixture: Fixture) => Promise<unknown>): Attack {
  return {
    name,
    asvs,
    api: 'API2',
    attempt: async (fixture) => {
      const user = await createUser();
      await end(user, fixture);
      return acceptedBy(fixture, user.token, user.username);
    },
    expected: 'accepted by 0 of 8 processes',
  };
}

/** Runs a command of the users service. */
async function operate({ env }: Fixture, command: string, username: string): Promise<void> {
  const file = `dist/src/commands/${command}.js`;
  const options = { cwd: join(ROOT, 'apps/users'), env: env('users'), timeout: 60_000 };
  await promisify(execFile)(process.execPath, [file, username], options);
}

const refresh = (cookie: string, headers: Record<string, string> = {}) =>
  api('POST /refresh', { headers: { Cookie: cookie, ...headers } });

/** Sends a refresh token again, more than 10 s after its successor was used. @returns the latest cookie of the session */
async function replay(cookie: string): Promise<string> {
  const successor = refreshCookie(await refresh(cookie)).split(';')[0]!;
  const latest = refreshCookie(await refresh(successor)).split(';')[0]!;
  await delay(10_500);
  await refresh(cookie);
  return latest;
}

export const SESSIONS: Attack[] = [
  ended('a token after its logout', '7.4.1', ({ token }) => api('POST /logout', { token })),
  ended('a token after a logout of all sessions', '7.4.1', async (user) =>
    api('POST /logout-all', { token: (await logIn(user)).token }),
  ),
  ended('a token of a session that another device has ended', '7.5.2', async (user) => {
    const { token } = await logIn(user);
    return api(`DELETE /sessions/${String(claimsOf(user.token).sid)}`, { token });
  }),
  ended('a token of a soft-deleted user', '7.4.2', ({ username, token }) =>
    api(`DELETE /user/${username}`, { token }),
  ),
  ended('a token of a hard-deleted user', '7.4.2', ({ username }, { admin }) =>
    api(`DELETE /db_user/${username}`, { token: admin }),
  ),
  ended('a token of a disabled user', '7.4.2', ({ username }, fixture) =>
    operate(fixture, 'disable-user', username),
  ),
  ended('a token of a former superuser', '8.3.2', ({ username }, fixture) =>
    operate(fixture, 'revoke-superuser', username),
  ),
  {
    name: 'a refresh by a former superuser',
    asvs: '8.3.2',
    api: 'API5',
    attempt: async (fixture) => {
      const user = await createUser();
      await operate(fixture, 'grant-superuser', user.username);
      const superuser = await logIn(user);
      await operate(fixture, 'revoke-superuser', user.username);
      const { body } = await refresh(superuser.cookie);
      return api('POST /tier', { token: body.access_token, body: { name: uniqueName() } });
    },
    expected: '403 You do not have enough privileges.',
  },
  ended('a token of another device after the password was changed', '7.4.3', async (user) =>
    api('POST /user/me/password', {
      token: (await logIn(user)).token,
      body: { current_password: user.password, new_password: 'another long one 9' },
    }),
  ),
  {
    name: 'logins with the old password while it is being changed',
    asvs: '7.4.3',
    api: 'API2',
    attempt: async ({ newClient }) => {
      const user = await createUser();
      const call = newClient();
      const form = { username: user.username, password: user.password };
      const body = { current_password: user.password, new_password: 'another long one 9' };
      const logins = Array.from({ length: 8 }, async (_, index) => {
        await delay(index * 15);
        return call('POST /login', { form });
      });
      await delay(60);
      await api('POST /user/me/password', { token: user.token, body });
      await Promise.all(logins);
      const { body: sessions } = await api('GET /sessions', { token: user.token });
      return `${sessions.length} session left, ${sessions[0].current ? 'the current one' : 'another'}`;
    },
    expected: '1 session left, the current one',
  },
  ended('a token after its refresh token was stolen', '10.4.5', async ({ cookie }) => {
    await replay(cookie);
  }),
  {
    name: 'a refresh token after it was stolen',
    asvs: '10.4.5',
    api: 'API2',
    attempt: async () => refresh(await replay((await createUser()).cookie)),
    expected: '401 Invalid refresh token.',
  },
  {
    name: 'a refresh token in 20 concurrent requests',
    asvs: '10.4.5',
    api: 'API2',
    attempt: async () => {
      const { cookie } = await createUser();
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(cookie)));
      const successors = new Set(answers.map((answer) => claimsOf(refreshCookie(answer)).jti));
      return `${answers.filter(({ status }) => status === 200).length} answers, ${successors.size} successor`;
    },
    expected: '20 answers, 1 successor',
  },
  {
    name: 'a refresh token after its logout',
    asvs: '7.4.1',
    api: 'API2',
    attempt: async () => {
      const { token, cookie } = await createUser();
      await api('POST /logout', { token });
      return refresh(cookie);
    },
    expected: '401 Invalid refresh token.',
  },
  {
    name: 'an access token in place of a refresh token',
    asvs: '9.2.2',
    api: 'API2',
    attempt: ({ alice }) => refresh(`refresh_token=${alice.token}`),
    expected: '401 Invalid refresh token.',
  },
  {
    name: 'a correctly signed refresh token of an unknown session',
    asvs: '7.2.1',
    api: 'API2',
    attempt: (fixture) =>
      refresh(`refresh_token=${withTrustedKey(fixture, { token_type: 'refresh' }, { typ: 'rt+jwt' })}`),
    expected: '401 Invalid refresh token.',
  },
  {
    name: 'a refresh token with the subject of another user',
    asvs: '8.2.2',
    api: 'API1',
    attempt: (fixture) => {
      const own = claimsOf(fixture.alice.cookie.split('=')[1]!);
      const claims = { ...own, sub: String(fixture.bob.id) };
      return refresh(`refresh_token=${withTrustedKey(fixture, claims, { typ: 'rt+jwt' })}`);
    },
    expected: '401 Invalid refresh token.',
  },
  {
    name: 'a cross-site refresh (Origin)',
    asvs: '3.5.1',
    api: 'API2',
    attempt: async () => refresh((await createUser()).cookie, { Origin: 'https://evil.example' }),
    expected:
      '403 Requests from the origin https://evil.example are not allowed: CORS_ORIGINS has to list the origin of the page.',
  },
  {
    name: 'a cross-site refresh (Sec-Fetch-Site)',
    asvs: '3.5.3',
    api: 'API2',
    attempt: async () => refresh((await createUser()).cookie, { 'Sec-Fetch-Site': 'cross-site' }),
    expected:
      '403 Requests from another site are not allowed: CORS_ORIGINS has to list the origin of the page.',
  },
  {
    name: 'a refresh by a sandboxed page (Origin: null)',
    asvs: '3.5.1',
    api: 'API2',
    attempt: async () => refresh((await createUser()).cookie, { Origin: 'null' }),
    expected:
      '403 Requests from the origin null are not allowed: CORS_ORIGINS has to list the origin of the page.',
  },
  {
    name: 'a cross-site login (login CSRF)',
    asvs: '3.5.1',
    api: 'API2',
    attempt: ({ alice: { username, password } }) =>
      api('POST /login', { form: { username, password }, headers: { Origin: 'https://evil.example' } }),
    expected:
      '403 Requests from the origin https://evil.example are not allowed: CORS_ORIGINS has to list the origin of the page.',
  },
  {
    name: 'the attributes of the refresh cookie',
    asvs: '3.3.4',
    api: 'API2',
    attempt: async ({ alice: { username, password } }) => {
      const cookie = refreshCookie(await api('POST /login', { form: { username, password } }));
      return cookie.replace(/^[^;]+; /, '');
    },
    expected: 'Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax',
  },
  {
    name: 'a login with the cookie of another session (session fixation)',
    asvs: '7.2.4',
    api: 'API2',
    attempt: async ({ alice: { username, password, cookie } }) => {
      const answer = await api('POST /login', { form: { username, password }, headers: { Cookie: cookie } });
      const same = claimsOf(answer.body.access_token).sid === claimsOf(cookie.split('=')[1]!).sid;
      return same ? 'the same session' : 'a new session';
    },
    expected: 'a new session',
  },
];
