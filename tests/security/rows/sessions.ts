import { execFile } from 'node:child_process';
import { join as joinPath } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Attack } from '../attack.js';
import { claimsOf, trusted } from '../forge.js';
import { REPLICAS, type World } from '../world.js';
import { api } from '../../support/gateway.js';
import { join, logIn, type Person, refreshCookie, uniqueName } from '../../support/people.js';

/** A route behind a token, at every process. */
const OWN_ROUTES: Record<string, `GET /${string}`> = {
  auth: 'GET /sessions',
  users: 'GET /user/me',
  posts: 'GET /user/me',
  jobs: 'GET /tasks',
};

/** How many processes still take a token; the posts service has writes only, so it is asked for one. */
async function takenBy(world: World, token: string, username: string): Promise<string> {
  const answers = await Promise.all(
    REPLICAS.map((name) => {
      const service = name.replace('-2', '');
      const call = world.service(name);
      return service === 'posts'
        ? call(`PATCH /${username}/post/1`, { token, body: {} })
        : call(OWN_ROUTES[service]!, { token });
    }),
  );
  return `taken by ${answers.filter(({ status }) => status !== 401).length} of ${REPLICAS.length} processes`;
}

/** What ends sessions, and the token from before, at every process of every service. */
function ended(name: string, asvs: string, end: (person: Person, world: World) => Promise<unknown>): Attack {
  return {
    name,
    asvs,
    api: 'API2',
    attempt: async (world) => {
      const person = await join();
      await end(person, world);
      return takenBy(world, person.token, person.username);
    },
    right: 'taken by 0 of 8 processes',
  };
}

/** What an operator does, as one does it: a command of the users service. */
async function operate({ root, env }: World, command: string, username: string): Promise<void> {
  const file = `dist/src/commands/${command}.js`;
  const options = { cwd: joinPath(root, 'apps/users'), env: env('users'), timeout: 60_000 };
  await promisify(execFile)(process.execPath, [file, username], options);
}

const refresh = (cookie: string, headers: Record<string, string> = {}) =>
  api('POST /refresh', { headers: { Cookie: cookie, ...headers } });

export const SESSIONS: Attack[] = [
  ended('a token after its logout', '7.4.1', ({ token }) => api('POST /logout', { token })),
  ended('a token after a logout from everywhere', '7.4.1', async (person) =>
    api('POST /logout-all', { token: (await logIn(person)).token }),
  ),
  ended('a token of a session that was ended from another device', '7.5.2', async (person) => {
    const { token } = await logIn(person);
    return api(`DELETE /sessions/${String(claimsOf(person.token).sid)}`, { token });
  }),
  ended('a token of a deleted user', '7.4.2', ({ username, token }) =>
    api(`DELETE /user/${username}`, { token }),
  ),
  ended('a token of a user whom a superuser erased', '7.4.2', ({ username }, { admin }) =>
    api(`DELETE /db_user/${username}`, { token: admin }),
  ),
  ended('a token of a user whom an operator disabled', '7.4.2', ({ username }, world) =>
    operate(world, 'disable-user', username),
  ),
  ended('a token of a user who is no superuser any more', '8.3.2', ({ username }, world) =>
    operate(world, 'revoke-superuser', username),
  ),
  {
    name: 'the privileges of yesterday, by a refresh',
    asvs: '8.3.2',
    api: 'API5',
    attempt: async (world) => {
      const person = await join();
      await operate(world, 'grant-superuser', person.username);
      const superuser = await logIn(person);
      await operate(world, 'revoke-superuser', person.username);
      const { body } = await refresh(superuser.cookie);
      return api('POST /tier', { token: body.access_token, body: { name: uniqueName() } });
    },
    right: '403 You do not have enough privileges.',
  },
  ended('a token of another device after the password was changed', '7.4.3', async (person) =>
    api('POST /user/me/password', {
      token: (await logIn(person)).token,
      body: { current_password: person.password, new_password: 'another long one 9' },
    }),
  ),
  {
    name: 'logins with the old password while it is being changed',
    asvs: '7.4.3',
    api: 'API2',
    attempt: async ({ stranger }) => {
      const person = await join();
      const call = stranger();
      const form = { username: person.username, password: person.password };
      const body = { current_password: person.password, new_password: 'another long one 9' };
      const logins = Array.from({ length: 8 }, async (_, index) => {
        await delay(index * 15);
        return call('POST /login', { form });
      });
      await delay(60);
      await api('POST /user/me/password', { token: person.token, body });
      await Promise.all(logins);
      const { body: sessions } = await api('GET /sessions', { token: person.token });
      return `${sessions.length} session left, ${sessions[0].current ? 'the own' : 'another'}`;
    },
    right: '1 session left, the own',
  },
  ended('a token after a used refresh token came again', '10.4.5', async ({ cookie }) => {
    await refresh(cookie);
    await delay(10_500);
    await refresh(cookie);
  }),
  {
    name: 'the successor of a refresh token that was stolen',
    asvs: '10.4.5',
    api: 'API2',
    attempt: async () => {
      const { cookie } = await join();
      const successor = refreshCookie(await refresh(cookie)).split(';')[0]!;
      await delay(10_500);
      await refresh(cookie);
      return refresh(successor);
    },
    right: '401 Invalid refresh token.',
  },
  {
    name: 'a refresh token sent 20 times at once, to multiply it',
    asvs: '10.4.5',
    api: 'API2',
    attempt: async () => {
      const { cookie } = await join();
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(cookie)));
      const successors = new Set(answers.map((answer) => claimsOf(refreshCookie(answer)).jti));
      return `${answers.filter(({ status }) => status === 200).length} answers, ${successors.size} successor`;
    },
    right: '20 answers, 1 successor',
  },
  {
    name: 'a refresh token after its logout',
    asvs: '7.4.1',
    api: 'API2',
    attempt: async () => {
      const { token, cookie } = await join();
      await api('POST /logout', { token });
      return refresh(cookie);
    },
    right: '401 Invalid refresh token.',
  },
  {
    name: 'an access token in place of a refresh token',
    asvs: '9.2.2',
    api: 'API2',
    attempt: ({ alice }) => refresh(`refresh_token=${alice.token}`),
    right: '401 Invalid refresh token.',
  },
  {
    name: 'a well signed refresh token of a session that never was',
    asvs: '7.2.1',
    api: 'API2',
    attempt: (world) =>
      refresh(`refresh_token=${trusted(world, { token_type: 'refresh' }, { typ: 'rt+jwt' })}`),
    right: '401 Invalid refresh token.',
  },
  {
    name: "another user's subject over one's own session",
    asvs: '8.2.2',
    api: 'API1',
    attempt: (world) => {
      const own = claimsOf(world.alice.cookie.split('=')[1]!);
      const claims = { ...own, sub: String(world.bob.id) };
      return refresh(`refresh_token=${trusted(world, claims, { typ: 'rt+jwt' })}`);
    },
    right: '401 Invalid refresh token.',
  },
  {
    name: 'a refresh from the page of another site (Origin)',
    asvs: '3.5.1',
    api: 'API2',
    attempt: async () => refresh((await join()).cookie, { Origin: 'https://evil.example' }),
    right: '403 Cross-site requests are not allowed here.',
  },
  {
    name: 'a refresh from the page of another site (Sec-Fetch-Site)',
    asvs: '3.5.3',
    api: 'API2',
    attempt: async () => refresh((await join()).cookie, { 'Sec-Fetch-Site': 'cross-site' }),
    right: '403 Cross-site requests are not allowed here.',
  },
  {
    name: 'a refresh from a sandboxed page (Origin: null)',
    asvs: '3.5.1',
    api: 'API2',
    attempt: async () => refresh((await join()).cookie, { Origin: 'null' }),
    right: '403 Cross-site requests are not allowed here.',
  },
  {
    name: 'a login from the page of another site, into the account of the attacker',
    asvs: '3.5.1',
    api: 'API2',
    attempt: ({ alice: { username, password } }) =>
      api('POST /login', { form: { username, password }, headers: { Origin: 'https://evil.example' } }),
    right: '403 Cross-site requests are not allowed here.',
  },
  {
    name: 'a cookie that scripts, other sites or plain HTTP can take',
    asvs: '3.3.4',
    api: 'API2',
    attempt: async ({ alice: { username, password } }) => {
      const cookie = refreshCookie(await api('POST /login', { form: { username, password } }));
      return cookie.replace(/^[^;]+; /, '');
    },
    right: 'Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax',
  },
  {
    name: 'a login on top of a planted session, to fix its id',
    asvs: '7.2.4',
    api: 'API2',
    attempt: async ({ alice: { username, password, cookie } }) => {
      const answer = await api('POST /login', { form: { username, password }, headers: { Cookie: cookie } });
      const same = claimsOf(answer.body.access_token).sid === claimsOf(cookie.split('=')[1]!).sid;
      return same ? 'the planted session' : 'a new session';
    },
    right: 'a new session',
  },
];
