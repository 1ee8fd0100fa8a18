import { assignTier, createTier } from '../../support/tiers.ts';
import { createUser, adminToken, uniqueName } from '../../support/users.ts';
import { type Row, testRoutes } from './route-table.ts';
import { cursorPageOf, pageOf, TIER } from './shapes.ts';

const UNKNOWN = 'unknown tier';

async function createFixture() {
  const admin = await adminToken();
  const [tier, other] = [await createTier(admin), await createTier(admin)];
  await assignTier(admin, await createUser(), tier.id);
  return { admin, tier, other };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;

const ofTier =
  (body?: object) =>
  ({ admin: token, tier: { name } }: Fixture) => ({ path: { name }, token, body });
const ofUnknownTier =
  (body?: object) =>
  ({ admin: token }: Fixture) => ({ path: { name: UNKNOWN }, token, body });

const rows: Row<'tiers', Fixture>[] = [
  [
    'POST /tier',
    'a new name',
    ({ admin: token }) => ({ token, body: { name: uniqueName('tier') } }),
    201,
    TIER,
  ],
  [
    'POST /tier',
    'a taken name',
    ({ admin: token, tier: { name } }) => ({ token, body: { name } }),
    422,
    'Tier Name not available',
  ],
  [
    'POST /tier',
    'a name with a slash',
    ({ admin: token }) => ({ token, body: { name: 'a/b' } }),
    422,
    [{ loc: ['body', 'name'], type: 'string_pattern_mismatch' }],
  ],

  ['GET /tiers', 'an anonymous caller', () => ({}), 200, pageOf(TIER)],
  ['GET /tiers', 'a cursor', () => ({ query: 'cursor=' }), 200, cursorPageOf(TIER)],

  ['GET /tier/{name}', 'a tier', ofTier(), 200, TIER],
  ['GET /tier/{name}', 'an unknown tier', ofUnknownTier(), 404, 'Tier not found'],

  [
    'PATCH /tier/{name}',
    'a new name',
    async ({ admin: token }) => {
      const { name } = await createTier(token);
      return { path: { name }, token, body: { name: `${name} 2` } };
    },
    200,
    'Tier updated',
  ],
  ['PATCH /tier/{name}', 'an empty body', ofTier({}), 200, 'Tier updated'],
  ['PATCH /tier/{name}', 'no body', ofTier(), 422, [{ loc: ['body'], type: 'missing' }]],
  ['PATCH /tier/{name}', 'an unknown tier', ofUnknownTier({}), 404, 'Tier not found'],
  [
    'PATCH /tier/{name}',
    'a taken name',
    ({ admin: token, tier, other: { name } }) => ({ path: { name: tier.name }, token, body: { name } }),
    422,
    'Tier Name not available',
  ],

  ['DELETE /tier/{name}', 'an unknown tier', ofUnknownTier(), 404, 'Tier not found'],
  ['DELETE /tier/{name}', 'a tier with a user', ofTier(), 409, 'Tier is in use'],
  [
    'DELETE /tier/{name}',
    'a tier without users',
    async ({ admin: token }) => {
      const { name } = await createTier(token);
      return { path: { name }, token };
    },
    200,
    'Tier deleted',
  ],
];

testRoutes('tiers', createFixture, rows);
