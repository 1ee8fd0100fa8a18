import { LIMITED_ROUTES } from '@repo/contracts';
import { api } from '../../support/gateway.js';
import { assignTier, makeTier } from '../../support/make.js';
import { join, newUser, superuser, uniqueName } from '../../support/people.js';
import { type Row, testRoutes } from '../../support/route-table.js';
import { cursorPageOf, pageOf, PUBLIC_USER, RATE_LIMIT, TIER, USAGE, USER } from '../../support/shapes.js';

const RULE = { path: 'api/v1/tasks/task', limit: 5, period: 60 };
const NOBODY = { username: 'nobodyatall' };
const NOT_OWNER = 'Request forbidden -- authorization will not help';

async function makeWorld() {
  const admin = await superuser();
  const [owner, stranger, gone, member] = [await join(), await join(), await join(), await join()];
  await api(`DELETE /user/${gone.username}`, { token: gone.token });
  const tier = await makeTier(admin, RULE);
  await assignTier(admin, member, tier.id);
  return { admin, owner, stranger, gone, member, tier };
}

type World = Awaited<ReturnType<typeof makeWorld>>;

/** The owner acts on its own path. */
const own =
  (body?: object) =>
  ({ owner }: World) => ({ path: owner, token: owner.token, body });
const asAdmin = (who: 'owner' | 'gone' | 'member', body?: object) => (world: World) => ({
  path: world[who],
  token: world.admin,
  body,
});

const rows: Row<'users', World>[] = [
  ['POST /user', 'somebody new', () => ({ body: newUser() }), 201, USER],
  [
    'POST /user',
    'a taken address, in other letters, and a taken name',
    ({ owner }) => ({ body: { ...newUser(), username: owner.username, email: owner.email.toUpperCase() } }),
    422,
    'Email is already registered',
  ],
  [
    'POST /user',
    'a taken name',
    ({ owner }) => ({ body: newUser({ username: owner.username, email: `${uniqueName()}@example.com` }) }),
    422,
    'Username not available',
  ],
  [
    'POST /user',
    'the address of a deleted user',
    ({ gone }) => ({ body: newUser({ email: gone.email }) }),
    422,
    'Email is already registered',
  ],
  [
    'POST /user',
    'the name of a deleted user',
    ({ gone }) => ({ body: { ...newUser(), username: gone.username } }),
    422,
    'Username not available',
  ],
  [
    'POST /user',
    'a missing name, a bad address and a wish for power',
    () => ({ body: { ...newUser({ email: 'nobody' }), name: undefined, is_superuser: true } }),
    422,
    [
      { loc: ['body', 'name'], type: 'missing' },
      { loc: ['body', 'email'], type: 'value_error' },
      { loc: ['body', 'is_superuser'], type: 'extra_forbidden' },
    ],
  ],

  ['GET /users', 'the first page', () => ({}), 200, pageOf(PUBLIC_USER)],
  ['GET /users', 'a cursor', () => ({ query: 'cursor=&items_per_page=1' }), 200, cursorPageOf(PUBLIC_USER)],
  [
    'GET /users',
    'page 0, too many on it',
    () => ({ query: 'page=0&items_per_page=101' }),
    422,
    [
      { loc: ['query', 'page'], type: 'greater_than_equal' },
      { loc: ['query', 'items_per_page'], type: 'less_than_equal' },
    ],
  ],
  [
    'GET /users',
    'page and cursor',
    () => ({ query: 'page=1&cursor=' }),
    422,
    [{ loc: ['query', 'cursor'], type: 'value_error' }],
  ],
  [
    'GET /users',
    'a cursor of nobody',
    () => ({ query: 'cursor=abc' }),
    422,
    [{ loc: ['query', 'cursor'], type: 'value_error' }],
  ],

  ['GET /user/me', 'a user', own(), 200, USER],
  ['GET /user/me/usage', 'a user', own(), 200, LIMITED_ROUTES.map(() => USAGE)],

  ['GET /user/{username}', 'a user', ({ owner }) => ({ path: owner }), 200, PUBLIC_USER],
  ['GET /user/{username}', 'nobody', () => ({ path: NOBODY }), 404, 'User not found'],
  ['GET /user/{username}', 'a deleted user', ({ gone }) => ({ path: gone }), 404, 'User not found'],

  ['PATCH /user/{username}', 'the owner', own({ name: 'New Name' }), 200, 'User updated'],
  ['PATCH /user/{username}', 'nothing to change', own({}), 200, 'User updated'],
  [
    'PATCH /user/{username}',
    'nobody',
    ({ owner }) => ({ path: NOBODY, token: owner.token, body: {} }),
    404,
    'User not found',
  ],
  [
    'PATCH /user/{username}',
    'somebody else',
    ({ owner, stranger }) => ({ path: owner, token: stranger.token, body: {} }),
    403,
    NOT_OWNER,
  ],
  [
    'PATCH /user/{username}',
    'a superuser who is somebody else',
    ({ owner, admin }) => ({ path: owner, token: admin, body: {} }),
    403,
    NOT_OWNER,
  ],
  [
    'PATCH /user/{username}',
    'a taken name and a taken address',
    ({ owner, stranger: { username, email } }) => ({
      path: owner,
      token: owner.token,
      body: { username, email },
    }),
    422,
    'Username not available',
  ],
  [
    'PATCH /user/{username}',
    'a taken address',
    ({ owner, stranger: { email } }) => ({ path: owner, token: owner.token, body: { email } }),
    422,
    'Email is already registered',
  ],
  [
    'PATCH /user/{username}',
    'null and a password',
    own({ name: null, password: 'correct horse 9' }),
    422,
    [
      { loc: ['body', 'name'], type: 'string_type' },
      { loc: ['body', 'password'], type: 'extra_forbidden' },
    ],
  ],

  [
    'DELETE /user/{username}',
    'nobody',
    ({ owner }) => ({ path: NOBODY, token: owner.token }),
    404,
    'User not found',
  ],
  [
    'DELETE /user/{username}',
    'somebody else',
    ({ owner, stranger }) => ({ path: owner, token: stranger.token }),
    403,
    NOT_OWNER,
  ],
  [
    'DELETE /user/{username}',
    'the owner',
    async () => {
      const leaving = await join();
      return { path: { username: leaving.username }, token: leaving.token };
    },
    200,
    'User deleted',
  ],

  ['DELETE /db_user/{username}', 'a deleted user', asAdmin('gone'), 200, 'User deleted from the database'],
  [
    'DELETE /db_user/{username}',
    'nobody',
    ({ admin }) => ({ path: NOBODY, token: admin }),
    404,
    'User not found',
  ],

  [
    'GET /user/{username}/rate_limits',
    'a user with a tier',
    asAdmin('member'),
    200,
    { ...USER, tier_rate_limits: [RATE_LIMIT] },
  ],
  [
    'GET /user/{username}/rate_limits',
    'a user without a tier',
    asAdmin('owner'),
    200,
    { ...USER, tier_id: null, tier_rate_limits: [] },
  ],
  [
    'GET /user/{username}/rate_limits',
    'nobody',
    ({ admin }) => ({ path: NOBODY, token: admin }),
    404,
    'User not found',
  ],

  [
    'GET /user/{username}/tier',
    'a user with a tier',
    ({ member }) => ({ path: member }),
    200,
    { ...PUBLIC_USER, tier_name: TIER.name, tier_created_at: TIER.created_at },
  ],
  ['GET /user/{username}/tier', 'nobody', () => ({ path: NOBODY }), 404, 'User not found'],
  [
    'GET /user/{username}/tier',
    'a user without a tier',
    ({ owner }) => ({ path: owner }),
    404,
    'Tier not found',
  ],

  [
    'PATCH /user/{username}/tier',
    'a user and a tier',
    ({ admin, member, tier }) => ({ path: member, token: admin, body: { tier_id: tier.id } }),
    200,
    'User User Userson Tier updated',
  ],
  [
    'PATCH /user/{username}/tier',
    'nobody, and no tier',
    ({ admin }) => ({ path: NOBODY, token: admin, body: { tier_id: 2_147_483_647 } }),
    404,
    'User not found',
  ],
  [
    'PATCH /user/{username}/tier',
    'no tier',
    asAdmin('member', { tier_id: 2_147_483_647 }),
    404,
    'Tier not found',
  ],
  [
    'PATCH /user/{username}/tier',
    'text for an id',
    asAdmin('member', { tier_id: '1' }),
    422,
    [{ loc: ['body', 'tier_id'], type: 'int_type' }],
  ],
];

testRoutes('users', makeWorld, rows);
