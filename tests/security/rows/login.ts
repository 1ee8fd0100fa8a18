import type { ApiAnswer } from '@repo/testing/api-client';
import type { Attack } from '../attack.js';
import { api } from '../../support/gateway.js';
import { join, newUser, uniqueName } from '../../support/people.js';
import { countOf } from './counting.js';

const WRONG = '401 Wrong username, email or password.';
const SLOWED = '429 Too many failed logins. Try again later.';

const guess = (username: string, password = 'wrong') => ({ form: { username, password } });

/** A sign-up with a field that is no good. */
function signUp(name: string, asvs: string, fields: object, right: string): Attack {
  return {
    name,
    asvs,
    api: 'API2',
    attempt: () => api('POST /user', { body: { ...newUser(), ...fields } }),
    right,
  };
}

/** Whether a login with a form is refused as it should be. */
function form(name: string, asvs: string, fields: Record<string, string>, right: string): Attack {
  return {
    name,
    asvs,
    api: 'API2',
    attempt: ({ stranger }) => stranger()('POST /login', { form: fields }),
    right,
  };
}

export const LOGIN: Attack[] = [
  form('a name that nobody has', '6.3.8', { username: uniqueName(), password: 'wrong' }, WRONG),
  {
    name: 'a wrong password, to tell known names from unknown ones',
    asvs: '6.3.8',
    api: 'API2',
    attempt: ({ stranger, bob }) => stranger()('POST /login', guess(bob.username)),
    right: WRONG,
  },
  form('SQL for a name', '1.2.4', { username: "admin'--", password: 'x' }, WRONG),
  form('SQL for a password', '1.2.4', { username: 'admin', password: "' OR '1'='1" }, WRONG),
  form('a wildcard for a name', '1.2.4', { username: 'adm%', password: '!Ch4ng3Th1sP4ssW0rd!' }, WRONG),
  form(
    'NUL in the name of a login',
    '2.2.1',
    { username: 'admin\0', password: '!Ch4ng3Th1sP4ssW0rd!' },
    '422',
  ),
  form('no password', '2.2.1', { username: 'admin' }, '422'),
  form(
    'a password of 2,000 characters, to keep the hash busy',
    '15.2.2',
    { username: 'admin', password: 'x'.repeat(2_000) },
    '422',
  ),
  form(
    'another grant type',
    '10.4.4',
    { username: 'admin', password: 'x', grant_type: 'client_credentials' },
    '422',
  ),
  {
    name: 'two names in one form',
    asvs: '15.3.7',
    api: 'API2',
    attempt: ({ stranger, alice, bob }) =>
      stranger()('POST /login', {
        raw: `username=${alice.username}&username=${bob.username}&password=x`,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
    right: '422',
  },
  {
    name: 'operators for a name and a password, in JSON',
    asvs: '15.3.5',
    api: 'API2',
    attempt: ({ stranger }) =>
      stranger()('POST /login', { body: { username: { $ne: null }, password: { $ne: null } } }),
    right: '415',
  },
  {
    name: 'a login by GET, with the password in the address',
    asvs: '14.2.1',
    api: 'API2',
    attempt: ({ alice }) => api(`GET /login?username=${alice.username}&password=x`),
    right: '405 Method Not Allowed',
  },
  {
    name: '11 guesses at an account, each from another address',
    asvs: '6.3.1',
    api: 'API2',
    attempt: async ({ stranger }) => {
      const { username } = await join();
      return last(11, () => stranger()('POST /login', guess(username)));
    },
    right: SLOWED,
  },
  {
    name: '40 guesses at an account at the same time',
    asvs: '15.4.2',
    api: 'API2',
    attempt: async ({ stranger }) => {
      const { username } = await join();
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => stranger()('POST /login', guess(username))),
      );
      const judged = answers.filter(({ status }) => status === 401).length;
      return judged <= 20 ? 'at most 10 by each replica are judged' : `${judged} are judged`;
    },
    right: 'at most 10 by each replica are judged',
  },
  {
    name: '40 right logins at the same time, to be taken for guesses',
    asvs: '6.3.1',
    api: 'API4',
    attempt: async ({ stranger }) => {
      const { username, password } = await join();
      const call = stranger();
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => call('POST /login', guess(username, password))),
      );
      return `${answers.filter(({ status }) => status === 429).length} refused`;
    },
    right: '0 refused',
  },
  {
    name: '61 guesses from one address, each at another account',
    asvs: '6.3.1',
    api: 'API2',
    attempt: ({ stranger }) => {
      const call = stranger();
      return last(61, () => call('POST /login', guess(uniqueName())));
    },
    right: SLOWED,
  },
  {
    name: 'the same with a made-up forwarding header each time',
    asvs: '4.1.3',
    api: 'API2',
    attempt: ({ stranger }) => {
      const call = stranger();
      let i = 0;
      return last(61, () => {
        const address = `203.0.113.${(i += 1)}`;
        const headers = { 'X-Forwarded-For': address, 'X-Real-IP': address, Forwarded: `for=${address}` };
        return call('POST /login', { ...guess(uniqueName()), headers });
      });
    },
    right: SLOWED,
  },
  {
    name: 'guesses that shall keep the owner out',
    asvs: '6.1.1',
    api: 'API4',
    attempt: async ({ stranger }) => {
      const { username, password } = await join();
      await last(12, () => stranger()('POST /login', guess(username)));
      return api('POST /login', guess(username, password));
    },
    right: '200',
  },
  {
    name: 'guesses at the current password with a stolen token',
    asvs: '6.3.1',
    api: 'API2',
    attempt: async () => {
      const { token } = await join();
      const body = { current_password: 'wrong', new_password: 'another long one 9' };
      return last(11, () => api('POST /user/me/password', { token, body }));
    },
    right: SLOWED,
  },
  {
    name: 'a new password without the current one',
    asvs: '6.2.3',
    api: 'API2',
    attempt: ({ bob: { token } }) =>
      api('POST /user/me/password', { token, body: { new_password: 'another long one 9' } }),
    right: '422',
  },
  {
    name: 'a common new password',
    asvs: '6.2.4',
    api: 'API2',
    attempt: ({ bob: { token, password } }) =>
      api('POST /user/me/password', {
        token,
        body: { current_password: password, new_password: 'password123' },
      }),
    right: '422',
  },
  ...['password1', 'qwertyuiop', '12345678', 'iloveyou!', 'Football1'].map((password) =>
    signUp(`the common password "${password}"`, '6.2.4', { password }, '422'),
  ),
  signUp('a password of 7 characters', '6.2.1', { password: 'xK4!q_9' }, '422'),
  signUp('a password of 129 characters', '6.2.9', { password: 'xK4!q_9 '.repeat(16) + 'x' }, '422'),
  signUp('a privilege in the sign-up', '15.3.3', { is_superuser: true }, '422'),
  signUp('a hash in the sign-up', '15.3.3', { hashed_password: '$argon2id$x', password_hash: 'x' }, '422'),
  signUp('a name that routes use', '2.2.1', { username: 'me' }, '422'),
  {
    name: 'one name for eight at once',
    asvs: '15.4.2',
    api: 'API6',
    attempt: async () => {
      const username = uniqueName();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => api('POST /user', { body: { ...newUser(), username } })),
      );
      return countOf(answers);
    },
    right: '1 × 201, 7 × 422',
  },
];

async function last(times: number, call: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  for (let i = 1; i < times; i++) await call();
  return call();
}
