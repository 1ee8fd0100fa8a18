import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { api } from '../../support/api.ts';
import { createUser, logIn, adminToken } from '../../support/users.ts';
import { type Row, testRoutes } from './route-table.ts';
import { SESSION } from './shapes.ts';

const TOKEN = { access_token: expect.any(String), token_type: 'bearer' };
const WRONG = 'Wrong username, email or password.';
const PASSWORD = 'another horse 9';

async function createFixture() {
  const [user, deleted] = [await createUser(), await createUser()];
  await api(`DELETE /user/${deleted.username}`, { token: deleted.token });
  const ended = await logIn(user);
  await api('POST /logout', { token: ended.token });
  return { admin: await adminToken(), user, deleted, ended };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;

const form =
  (login: 'username' | 'email', fields: object) =>
  ({ user }: Pick<Fixture, 'user'>) => ({
    form: { username: user[login], password: user.password, ...fields },
  });
const as =
  (body?: object) =>
  ({ user: { token } }: Fixture) => ({ token, body });
const cookie = (value: (fixture: Fixture) => string) => (fixture: Fixture) => ({
  headers: { Cookie: value(fixture) },
});
const inNewSession = async ({ user }: Fixture) => ({ token: (await logIn(user)).token });

const rows: Row<'sessions', Fixture>[] = [
  ['POST /login', 'username and password', form('username', {}), 200, TOKEN],
  [
    'POST /login',
    'email address and the fields of OAuth2',
    form('email', { grant_type: 'password', scope: '' }),
    200,
    TOKEN,
  ],
  [
    'POST /login',
    'a username in capitals with blanks',
    ({ user }) => ({ form: { username: ` ${user.username.toUpperCase()} `, password: user.password } }),
    200,
    TOKEN,
  ],
  ['POST /login', 'a wrong password', form('username', { password: 'wrong' }), 401, WRONG],
  ['POST /login', 'an unknown username', form('username', { username: 'unknownuser' }), 401, WRONG],
  ['POST /login', 'a deleted user', ({ deleted }) => form('username', {})({ user: deleted }), 401, WRONG],
  [
    'POST /login',
    'a missing password and another grant type',
    ({ user }) => ({ form: { username: user.username, grant_type: 'implicit' } }),
    422,
    [
      { loc: ['body', 'password'], type: 'missing' },
      { loc: ['body', 'grant_type'], type: 'string_pattern_mismatch' },
    ],
  ],
  ['POST /login', 'a JSON body', ({ user }) => ({ body: user }), 415, 'Unsupported Media Type'],

  [
    'POST /refresh',
    'a valid cookie with an invalid Authorization header',
    async ({ user }) => ({ headers: { Cookie: (await logIn(user)).cookie }, token: 'invalid' }),
    200,
    TOKEN,
  ],
  ['POST /refresh', 'a missing cookie', () => ({}), 401, 'Refresh token missing.'],
  [
    'POST /refresh',
    'an invalid cookie',
    cookie(() => 'refresh_token=invalid'),
    401,
    'Invalid refresh token.',
  ],
  [
    'POST /refresh',
    'an access token in the cookie',
    cookie(({ user }) => `refresh_token=${user.token}`),
    401,
    'Invalid refresh token.',
  ],
  ['POST /refresh', 'an ended session', cookie(({ ended }) => ended.cookie), 401, 'Invalid refresh token.'],
  ['POST /refresh', 'a deleted user', cookie(({ deleted }) => deleted.cookie), 401, 'Invalid refresh token.'],

  ['POST /logout', 'a valid token', inNewSession, 200, 'Logged out successfully'],
  [
    'POST /logout',
    'a valid cookie with an ended access token',
    async ({ user, ended }) => ({ headers: { Cookie: (await logIn(user)).cookie }, token: ended.token }),
    200,
    'Logged out successfully',
  ],
  [
    'POST /logout',
    'a valid cookie',
    async ({ user }) => ({ headers: { Cookie: (await logIn(user)).cookie } }),
    200,
    'Logged out successfully',
  ],
  [
    'POST /logout',
    'an ended session',
    ({ ended: { token, cookie: Cookie } }) => ({ token, headers: { Cookie } }),
    401,
    'Invalid token.',
  ],
  ['POST /logout', 'an invalid token', () => ({ token: 'invalid' }), 401, 'Invalid token.'],
  ['POST /logout', 'a missing token', () => ({}), 401, 'Not authenticated'],

  [
    'POST /logout-all',
    'a user',
    async () => {
      const { token } = await createUser();
      return { token };
    },
    200,
    'Logged out successfully',
  ],

  ['GET /sessions', 'a user', as(), 200, expect.arrayOf(SESSION)],

  [
    'DELETE /sessions/{id}',
    'an own session',
    async ({ user }) => {
      const { token } = await logIn(user);
      const { body } = await api('GET /sessions', { token });
      const { id } = (body as { id: string; current: boolean }[]).find(({ current }) => current)!;
      return { path: { id }, token: user.token };
    },
    200,
    'Session deleted',
  ],
  [
    'DELETE /sessions/{id}',
    'a session of another user',
    async ({ user, admin }) => {
      const { body } = await api('GET /sessions', { token: admin });
      return { path: { id: body[0].id }, token: user.token };
    },
    404,
    'Session not found',
  ],
  [
    'DELETE /sessions/{id}',
    'an unknown session',
    ({ user }) => ({ path: { id: randomUUID() }, token: user.token }),
    404,
    'Session not found',
  ],

  [
    'POST /user/me/password',
    'a wrong current password',
    as({ current_password: 'wrong', new_password: PASSWORD }),
    401,
    'Wrong password.',
  ],
  [
    'POST /user/me/password',
    'a common new password',
    as({ current_password: 'wrong', new_password: 'password' }),
    422,
    [{ loc: ['body', 'new_password'], type: 'value_error' }],
  ],
  [
    'POST /user/me/password',
    'the correct current password',
    ({ user: { token, password } }) => ({
      token,
      body: { current_password: password, new_password: PASSWORD },
    }),
    200,
    'Password updated',
  ],
];

testRoutes('sessions', createFixture, rows);
