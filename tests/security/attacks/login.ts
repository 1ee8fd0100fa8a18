import type { ApiAnswer } from '../../support/api.ts';
import type { Attack } from '../attack.ts';
import { api } from '../../support/api.ts';
import { createUser, newUser, uniqueName } from '../../support/users.ts';
import { countByStatus } from './count-by-status.ts';

const WRONG = '401 Wrong username, email or password.';
const THROTTLED = '429 Too many failed logins. Try again later.';

const credentials = (username: string, password = 'wrong') => ({ form: { username, password } });

/** A sign-up that is valid except for these fields. */
function signUp(name: string, asvs: string, fields: object, expected: string): Attack {
  return {
    name,
    asvs,
    api: 'API2',
    attempt: () => api('POST /user', { body: { ...newUser(), ...fields } }),
    expected,
  };
}

/** A login with a form. */
function form(name: string, asvs: string, fields: Record<string, string>, expected: string): Attack {
  return {
    name,
    asvs,
    api: 'API2',
    attempt: ({ newClient }) => newClient()('POST /login', { form: fields }),
    expected,
  };
}

export const LOGIN: Attack[] = [
  form('an unknown username', '6.3.8', { username: uniqueName(), password: 'wrong' }, WRONG),
  {
    name: 'a known username and a wrong password',
    asvs: '6.3.8',
    api: 'API2',
    attempt: ({ newClient, bob }) => newClient()('POST /login', credentials(bob.username)),
    expected: WRONG,
  },
  form('SQL as username', '1.2.4', { username: "admin'--", password: 'x' }, WRONG),
  form('SQL as password', '1.2.4', { username: 'admin', password: "' OR '1'='1" }, WRONG),
  form('a wildcard in a username', '1.2.4', { username: 'adm%', password: '!Ch4ng3Th1sP4ssW0rd!' }, WRONG),
  form('NUL in a username', '2.2.1', { username: 'admin\0', password: '!Ch4ng3Th1sP4ssW0rd!' }, '422'),
  form('no password', '2.2.1', { username: 'admin' }, '422'),
  form('a password of 2,000 characters', '15.2.2', { username: 'admin', password: 'x'.repeat(2_000) }, '422'),
  form(
    'another grant type',
    '10.4.4',
    { username: 'admin', password: 'x', grant_type: 'client_credentials' },
    '422',
  ),
  {
    name: 'two usernames in one form',
    asvs: '15.3.7',
    api: 'API2',
    attempt: ({ newClient, alice, bob }) =>
      newClient()('POST /login', {
        raw: `username=${alice.username}&username=${bob.username}&password=x`,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
    expected: '422',
  },
  {
    name: 'query operators as username and password, in JSON',
    asvs: '15.3.5',
    api: 'API2',
    attempt: ({ newClient }) =>
      newClient()('POST /login', { body: { username: { $ne: null }, password: { $ne: null } } }),
    expected: '415',
  },
  {
    name: 'a login by GET, with the password in the query',
    asvs: '14.2.1',
    api: 'API2',
    attempt: ({ alice }) => api(`GET /login?username=${alice.username}&password=x`),
    expected: '405 Method Not Allowed',
  },
  {
    name: '11 wrong passwords for an account, each from another address',
    asvs: '6.3.1',
    api: 'API2',
    attempt: async ({ newClient }) => {
      const { username } = await createUser();
      return last(11, () => newClient()('POST /login', credentials(username)));
    },
    expected: THROTTLED,
  },
  {
    name: '40 concurrent wrong passwords for an account',
    asvs: '15.4.2',
    api: 'API2',
    attempt: async ({ newClient }) => {
      const { username } = await createUser();
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => newClient()('POST /login', credentials(username))),
      );
      const verified = answers.filter(({ status }) => status === 401).length;
      return verified <= 20 ? 'at most 10 verified by each replica' : `${verified} verified`;
    },
    expected: 'at most 10 verified by each replica',
  },
  {
    name: '40 concurrent correct logins',
    asvs: '6.3.1',
    api: 'API4',
    attempt: async ({ newClient }) => {
      const { username, password } = await createUser();
      const call = newClient();
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => call('POST /login', credentials(username, password))),
      );
      return `${answers.filter(({ status }) => status === 429).length} refused`;
    },
    expected: '0 refused',
  },
  {
    name: '61 wrong passwords from one address, each for another account',
    asvs: '6.3.1',
    api: 'API2',
    attempt: ({ newClient }) => {
      const call = newClient();
      return last(61, () => call('POST /login', credentials(uniqueName())));
    },
    expected: THROTTLED,
  },
  {
    name: '61 wrong passwords from one address, each with another forwarding header',
    asvs: '4.1.3',
    api: 'API2',
    attempt: ({ newClient }) => {
      const call = newClient();
      let i = 0;
      return last(61, () => {
        const address = `203.0.113.${(i += 1)}`;
        const headers = { 'X-Forwarded-For': address, 'X-Real-IP': address, Forwarded: `for=${address}` };
        return call('POST /login', { ...credentials(uniqueName()), headers });
      });
    },
    expected: THROTTLED,
  },
  {
    name: 'a login of the owner after 12 wrong passwords from other addresses',
    asvs: '6.1.1',
    api: 'API4',
    attempt: async ({ newClient }) => {
      const { username, password } = await createUser();
      await last(12, () => newClient()('POST /login', credentials(username)));
      return api('POST /login', credentials(username, password));
    },
    expected: '200',
  },
  {
    name: '11 wrong current passwords with a stolen token',
    asvs: '6.3.1',
    api: 'API2',
    attempt: async () => {
      const { token } = await createUser();
      const body = { current_password: 'wrong', new_password: 'another long one 9' };
      return last(11, () => api('POST /user/me/password', { token, body }));
    },
    expected: THROTTLED,
  },
  {
    name: 'a password change without the current password',
    asvs: '6.2.3',
    api: 'API2',
    attempt: ({ bob: { token } }) =>
      api('POST /user/me/password', { token, body: { new_password: 'another long one 9' } }),
    expected: '422',
  },
  {
    name: 'a password change to a common password',
    asvs: '6.2.4',
    api: 'API2',
    attempt: ({ bob: { token, password } }) =>
      api('POST /user/me/password', {
        token,
        body: { current_password: password, new_password: 'password123' },
      }),
    expected: '422',
  },
  ...['password1', 'qwertyuiop', '12345678', 'iloveyou!', 'Football1'].map((password) =>
    signUp(`a sign-up with the common password "${password}"`, '6.2.4', { password }, '422'),
  ),
  signUp('a sign-up with a password of 7 characters', '6.2.1', { password: 'xK4!q_9' }, '422'),
  signUp(
    'a sign-up with a password of 129 characters',
    '6.2.9',
    { password: 'xK4!q_9 '.repeat(16) + 'x' },
    '422',
  ),
  signUp('a sign-up with is_superuser', '15.3.3', { is_superuser: true }, '422'),
  signUp(
    'a sign-up with a password hash',
    '15.3.3',
    { hashed_password: '$argon2id$x', password_hash: 'x' },
    '422',
  ),
  signUp('a sign-up with a reserved username', '2.2.1', { username: 'me' }, '422'),
  {
    name: '8 concurrent sign-ups with one username',
    asvs: '15.4.2',
    api: 'API6',
    attempt: async () => {
      const username = uniqueName();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => api('POST /user', { body: { ...newUser(), username } })),
      );
      return countByStatus(answers);
    },
    expected: '1 × 201, 7 × 422',
  },
];

/** Makes the calls one after the other, and returns the last answer. */
async function last(times: number, call: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  for (let i = 1; i < times; i++) await call();
  return call();
}
