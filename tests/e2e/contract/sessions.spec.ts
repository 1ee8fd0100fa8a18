import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { api } from '../../support/gateway.js';
import { join, logIn, superuser } from '../../support/people.js';
import { type Row, testRoutes } from '../../support/route-table.js';
import { SESSION } from '../../support/shapes.js';

const TOKEN = { access_token: expect.any(String), token_type: 'bearer' };
const WRONG = 'Wrong username, email or password.';
const PASSWORD = 'another horse 9';

async function makeWorld() {
  const [user, gone] = [await join(), await join()];
  await api(`DELETE /user/${gone.username}`, { token: gone.token });
  const ended = await logIn(user);
  await api('POST /logout', { token: ended.token });
  return { admin: await superuser(), user, gone, ended };
}

type World = Awaited<ReturnType<typeof makeWorld>>;

const form = (login: 'username' | 'email', fields: object) => (world: World) => ({
  form: { username: world.user[login], password: world.user.password, ...fields },
});
const as =
  (body?: object) =>
  ({ user: { token } }: World) => ({ token, body });
const cookie = (value: (world: World) => string) => (world: World) => ({ headers: { Cookie: value(world) } });
const inNewSession = async ({ user }: World) => ({ token: (await logIn(user)).token });

const rows: Row<'sessions', World>[] = [
  ['POST /login', 'a name and its password', form('username', {}), 200, TOKEN],
  [
    'POST /login',
    'an address, as OAuth2 sends it',
    form('email', { grant_type: 'password', scope: '' }),
    200,
    TOKEN,
  ],
  ['POST /login', 'a wrong password', form('username', { password: 'wrong' }), 401, WRONG],
  ['POST /login', 'an unknown name', form('username', { username: 'nobodyatall' }), 401, WRONG],
  ['POST /login', 'a deleted user', ({ gone }) => form('username', {})({ user: gone } as World), 401, WRONG],
  [
    'POST /login',
    'no password, another grant',
    ({ user }) => ({ form: { username: user.username, grant_type: 'implicit' } }),
    422,
    [
      { loc: ['body', 'password'], type: 'missing' },
      { loc: ['body', 'grant_type'], type: 'string_pattern_mismatch' },
    ],
  ],
  ['POST /login', 'JSON', ({ user }) => ({ body: user }), 415, 'Unsupported Media Type'],

  [
    'POST /refresh',
    'the cookie, whatever the Authorization header says',
    async ({ user }) => ({ headers: { Cookie: (await logIn(user)).cookie }, token: 'nonsense' }),
    200,
    TOKEN,
  ],
  ['POST /refresh', 'no cookie', () => ({}), 401, 'Refresh token missing.'],
  ['POST /refresh', 'nonsense', cookie(() => 'refresh_token=nonsense'), 401, 'Invalid refresh token.'],
  [
    'POST /refresh',
    'an access token',
    cookie(({ user }) => `refresh_token=${user.token}`),
    401,
    'Invalid refresh token.',
  ],
  [
    'POST /refresh',
    'a session that has ended',
    cookie(({ ended }) => ended.cookie),
    401,
    'Invalid refresh token.',
  ],
  ['POST /refresh', 'a deleted user', cookie(({ gone }) => gone.cookie), 401, 'Invalid refresh token.'],

  ['POST /logout', 'a session', inNewSession, 200, 'Logged out successfully'],
  ['POST /logout', 'a session that has ended', ({ ended: { token } }) => ({ token }), 401, 'Invalid token.'],
  ['POST /logout', 'nonsense', () => ({ token: 'nonsense' }), 401, 'Invalid token.'],
  ['POST /logout', 'no token', () => ({}), 401, 'Not authenticated'],

  [
    'POST /logout-all',
    'a user',
    async () => {
      const { token } = await join();
      return { token };
    },
    200,
    'Logged out successfully',
  ],

  ['GET /sessions', 'a user', as(), 200, expect.arrayOf(SESSION)],

  [
    'DELETE /sessions/{id}',
    'an own one',
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
    'somebody else’s',
    async ({ user, admin }) => {
      const { body } = await api('GET /sessions', { token: admin });
      return { path: { id: body[0].id }, token: user.token };
    },
    404,
    'Session not found',
  ],
  [
    'DELETE /sessions/{id}',
    'one that never was',
    ({ user }) => ({ path: { id: randomUUID() }, token: user.token }),
    404,
    'Session not found',
  ],

  [
    'POST /user/me/password',
    'a wrong password',
    as({ current_password: 'wrong', new_password: PASSWORD }),
    401,
    'Wrong password.',
  ],
  [
    'POST /user/me/password',
    'a new one that everybody has',
    as({ current_password: 'wrong', new_password: 'password' }),
    422,
    [{ loc: ['body', 'new_password'], type: 'value_error' }],
  ],
  [
    'POST /user/me/password',
    'the right one',
    ({ user: { token, password } }) => ({
      token,
      body: { current_password: password, new_password: PASSWORD },
    }),
    200,
    'Password updated',
  ],
];

testRoutes('sessions', makeWorld, rows);
