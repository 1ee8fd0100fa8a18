import { assignTier, createTier } from '../../support/tiers.ts';
import { createUser, adminToken, uniqueName } from '../../support/users.ts';
import { type Row, testRoutes } from './route-table.ts';
import { cursorPageOf, pageOf, RATE_LIMIT, TIER } from './shapes.ts';

const RULE = { path: 'api/v1/tasks/task', limit: 5, period: 60 };
const OTHER_RULE = { path: 'api/v1/user/{username}', limit: 7, period: 60 };
const UNKNOWN = 'unknown tier';

async function createFixture() {
  const admin = await adminToken();
  const [tier, other] = [await createTier(admin, RULE, OTHER_RULE), await createTier(admin, RULE)];
  await assignTier(admin, await createUser(), tier.id);
  const name = uniqueName('rule');
  return { admin, tier, other, named: { ...OTHER_RULE, path: `api/v1/${name}`, name } };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;

const newRule = () => ({ ...RULE, path: `api/v1/${uniqueName()}` });
/** A request about the tier, whose name is `name` or `tier_name` in the path. */
const ofTier =
  (body?: object, query?: string) =>
  ({ admin: token, tier: { name } }: Fixture) => ({ path: { name, tier_name: name }, token, body, query });
const ofUnknownTier =
  (body?: object) =>
  ({ admin: token, tier }: Fixture) => ({
    path: { name: UNKNOWN, tier_name: UNKNOWN, id: tier.ruleIds[0]! },
    token,
    body,
  });
const ofRule =
  (body?: object) =>
  ({ admin: token, tier }: Fixture) => ({
    path: { tier_name: tier.name, id: tier.ruleIds[0]! },
    token,
    body,
  });
const ofForeignRule =
  (body?: object) =>
  ({ admin: token, tier, other }: Fixture) => ({
    path: { tier_name: tier.name, id: other.ruleIds[0]! },
    token,
    body,
  });

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
      const { name } = await createTier(token, RULE);
      return { path: { name }, token };
    },
    200,
    'Tier deleted',
  ],

  ['POST /tier/{tier_name}/rate_limit', 'a rate limit without a name', ofTier(newRule()), 201, RATE_LIMIT],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a rate limit with a name',
    ({ named, ...fixture }) => ofTier(named)({ named, ...fixture }),
    201,
    RATE_LIMIT,
  ],
  ['POST /tier/{tier_name}/rate_limit', 'an unknown tier', ofUnknownTier(RULE), 404, 'Tier not found'],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a taken name',
    (fixture) => ofTier({ ...newRule(), name: fixture.named.name })(fixture),
    422,
    'Rate Limit Name not available',
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a limited path in another notation',
    ofTier({ ...RULE, path: '/api/v1/tasks/task/', name: uniqueName('rule') }),
    422,
    'There is already a rate limit for this path',
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a limit of 0 and a period that is a string',
    ofTier({ path: 'x', limit: 0, period: '1' }),
    422,
    [
      { loc: ['body', 'limit'], type: 'greater_than_equal' },
      { loc: ['body', 'period'], type: 'int_type' },
    ],
  ],

  ['GET /tier/{tier_name}/rate_limits', 'a tier', ofTier(), 200, pageOf(RATE_LIMIT)],
  [
    'GET /tier/{tier_name}/rate_limits',
    'a cursor',
    ofTier(undefined, 'cursor='),
    200,
    cursorPageOf(RATE_LIMIT),
  ],
  ['GET /tier/{tier_name}/rate_limits', 'an unknown tier', ofUnknownTier(), 404, 'Tier not found'],

  [
    'GET /tier/{tier_name}/rate_limit/{id}',
    'a rate limit',
    ofRule(),
    200,
    { ...RATE_LIMIT, path: 'api_v1_tasks_task' },
  ],
  ['GET /tier/{tier_name}/rate_limit/{id}', 'an unknown tier', ofUnknownTier(), 404, 'Tier not found'],
  [
    'GET /tier/{tier_name}/rate_limit/{id}',
    'a rate limit of another tier',
    ofForeignRule(),
    404,
    'Rate Limit not found',
  ],

  [
    'PATCH /tier/{tier_name}/rate_limit/{id}',
    'a rate limit',
    ofRule({ limit: 9 }),
    200,
    'Rate Limit updated',
  ],
  ['PATCH /tier/{tier_name}/rate_limit/{id}', 'an empty body', ofRule({}), 200, 'Rate Limit updated'],
  ['PATCH /tier/{tier_name}/rate_limit/{id}', 'an unknown tier', ofUnknownTier({}), 404, 'Tier not found'],
  [
    'PATCH /tier/{tier_name}/rate_limit/{id}',
    'a rate limit of another tier',
    ofForeignRule({}),
    404,
    'Rate Limit not found',
  ],
  [
    'PATCH /tier/{tier_name}/rate_limit/{id}',
    'the path of another rate limit',
    ofRule({ path: OTHER_RULE.path }),
    422,
    'There is already a rate limit for this path',
  ],
  [
    'PATCH /tier/{tier_name}/rate_limit/{id}',
    'the name of another rate limit',
    (fixture) => ofRule({ name: fixture.named.name })(fixture),
    422,
    'There is already a rate limit with this name',
  ],

  ['DELETE /tier/{tier_name}/rate_limit/{id}', 'an unknown tier', ofUnknownTier(), 404, 'Tier not found'],
  [
    'DELETE /tier/{tier_name}/rate_limit/{id}',
    'a rate limit of another tier',
    ofForeignRule(),
    404,
    'Rate Limit not found',
  ],
  ['DELETE /tier/{tier_name}/rate_limit/{id}', 'a rate limit', ofRule(), 200, 'Rate Limit deleted'],
  ['DELETE /tier/{tier_name}/rate_limit/{id}', 'a deleted rate limit', ofRule(), 404, 'Rate Limit not found'],
];

testRoutes('tiers', createFixture, rows);
