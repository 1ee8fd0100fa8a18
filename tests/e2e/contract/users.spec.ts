import { LIMITED_ROUTES } from '@repo/contracts';
import { api } from '../../support/api.ts';
import { assignTier, createTier } from '../../support/tiers.ts';
import { createUser, newUser, adminToken, uniqueName } from '../../support/users.ts';
import { type Row, testRoutes } from './route-table.ts';
import { cursorPageOf, pageOf, PUBLIC_USER, RATE_LIMIT, TIER, USAGE, USER } from './shapes.ts';

const RULES = LIMITED_ROUTES.map((path) => ({ path, limit: 5, period: 60 }));
const UNKNOWN = { username: 'unknownuser' };
const NOT_OWNER = 'Request forbidden -- authorization will not help';

async function createFixture() {
  const admin = await adminToken();
  const [owner, other, deleted, member] = [
    await createUser(),
    await createUser(),
    await createUser(),
    await createUser(),
  ];
  await api(`DELETE /user/${deleted.username}`, { token: deleted.token });
  const tier = await createTier(admin, ...RULES);
  await assignTier(admin, member, tier.id);
  return { admin, owner, other, deleted, member, tier };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;

/** A request of the owner about itself. */
const own =
  (body?: object) =>
  ({ owner }: Fixture) => ({ path: owner, token: owner.token, body });
const asAdmin = (who: 'owner' | 'deleted' | 'member', body?: object) => (fixture: Fixture) => ({
  path: fixture[who],
  token: fixture.admin,
  body,
});

const rows: Row<'users', Fixture>[] = [
  ['POST /user', 'a new user', () => ({ body: newUser() }), 201, USER],
  [
    'POST /user',
    'a taken email address in capitals with blanks, and a taken username',
    ({ owner }) => ({
      body: { ...newUser(), username: owner.username, email: ` ${owner.email.toUpperCase()} ` },
    }),
    422,
    'Email is already registered',
  ],
  [
    'POST /user',
    'a taken username',
    ({ owner }) => ({ body: newUser({ username: owner.username, email: `${uniqueName()}@example.com` }) }),
    422,
    'Username not available',
  ],
  [
    'POST /user',
    'the email address of a deleted user',
    ({ deleted }) => ({ body: newUser({ email: deleted.email }) }),
    422,
    'Email is already registered',
  ],
  [
    'POST /user',
    'the username of a deleted user',
    ({ deleted }) => ({ body: { ...newUser(), username: deleted.username } }),
    422,
    'Username not available',
  ],
  [
    'POST /user',
    'a missing name, an invalid email address and is_superuser',
    () => ({ body: { ...newUser({ email: 'invalid' }), name: undefined, is_superuser: true } }),
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
    'page 0 with 101 items',
    () => ({ query: 'page=0&items_per_page=101' }),
    422,
    [
      { loc: ['query', 'page'], type: 'greater_than_equal' },
      { loc: ['query', 'items_per_page'], type: 'less_than_equal' },
    ],
  ],
  [
    'GET /users',
    'a page together with a cursor',
    () => ({ query: 'page=1&cursor=' }),
    422,
    [{ loc: ['query', 'cursor'], type: 'value_error' }],
  ],
  [
    'GET /users',
    'an invalid cursor',
    () => ({ query: 'cursor=abc' }),
    422,
    [{ loc: ['query', 'cursor'], type: 'value_error' }],
  ],

  ['GET /user/me', 'a user', own(), 200, USER],
  ['GET /user/me/usage', 'a user', own(), 200, LIMITED_ROUTES.map(() => USAGE)],

  ['GET /user/{username}', 'a user', ({ owner }) => ({ path: owner }), 200, PUBLIC_USER],
  ['GET /user/{username}', 'an unknown user', () => ({ path: UNKNOWN }), 404, 'User not found'],
  ['GET /user/{username}', 'a deleted user', ({ deleted }) => ({ path: deleted }), 404, 'User not found'],

  ['PATCH /user/{username}', 'the owner', own({ name: 'New Name' }), 200, 'User updated'],
  ['PATCH /user/{username}', 'an empty body', own({}), 200, 'User updated'],
  [
    'PATCH /user/{username}',
    'an unknown user',
    ({ owner }) => ({ path: UNKNOWN, token: owner.token, body: {} }),
    404,
    'User not found',
  ],
  [
    'PATCH /user/{username}',
    'another user',
    ({ owner, other }) => ({ path: owner, token: other.token, body: {} }),
    403,
    NOT_OWNER,
  ],
  [
    'PATCH /user/{username}',
    'a superuser who is not the owner',
    ({ owner, admin }) => ({ path: owner, token: admin, body: {} }),
    403,
    NOT_OWNER,
  ],
  [
    'PATCH /user/{username}',
    'a taken username and a taken email address',
    ({ owner, other: { username, email } }) => ({
      path: owner,
      token: owner.token,
      body: { username, email },
    }),
    422,
    'Username not available',
  ],
  [
    'PATCH /user/{username}',
    'a taken email address',
    ({ owner, other: { email } }) => ({ path: owner, token: owner.token, body: { email } }),
    422,
    'Email is already registered',
  ],
  [
    'PATCH /user/{username}',
    'a null name and a password',
    own({ name: null, password: 'correct horse 9' }),
    422,
    [
      { loc: ['body', 'name'], type: 'string_type' },
      { loc: ['body', 'password'], type: 'extra_forbidden' },
    ],
  ],

  [
    'DELETE /user/{username}',
    'an unknown user',
    ({ owner }) => ({ path: UNKNOWN, token: owner.token }),
    404,
    'User not found',
  ],
  [
    'DELETE /user/{username}',
    'another user',
    ({ owner, other }) => ({ path: owner, token: other.token }),
    403,
    NOT_OWNER,
  ],
  [
    'DELETE /user/{username}',
    'the owner',
    async () => {
      const leaving = await createUser();
      return { path: { username: leaving.username }, token: leaving.token };
    },
    200,
    'User deleted',
  ],

  ['DELETE /db_user/{username}', 'a deleted user', asAdmin('deleted'), 200, 'User deleted from the database'],
  [
    'DELETE /db_user/{username}',
    'an unknown user',
    ({ admin }) => ({ path: UNKNOWN, token: admin }),
    404,
    'User not found',
  ],

  [
    'GET /user/{username}/rate_limits',
    'a user with a tier',
    asAdmin('member'),
    200,
    { ...USER, tier_rate_limits: RULES.map(() => RATE_LIMIT) },
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
    'an unknown user',
    ({ admin }) => ({ path: UNKNOWN, token: admin }),
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
  ['GET /user/{username}/tier', 'an unknown user', () => ({ path: UNKNOWN }), 404, 'User not found'],
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
    'an unknown user and an unknown tier',
    ({ admin }) => ({ path: UNKNOWN, token: admin, body: { tier_id: 2_147_483_647 } }),
    404,
    'User not found',
  ],
  [
    'PATCH /user/{username}/tier',
    'an unknown tier',
    asAdmin('member', { tier_id: 2_147_483_647 }),
    404,
    'Tier not found',
  ],
  [
    'PATCH /user/{username}/tier',
    'a tier_id that is a string',
    asAdmin('member', { tier_id: '1' }),
    422,
    [{ loc: ['body', 'tier_id'], type: 'int_type' }],
  ],
];

testRoutes('users', createFixture, rows);
