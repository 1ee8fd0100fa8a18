import { randomInt } from 'node:crypto';
import { createTier } from '../../support/tiers.ts';
import { adminToken, uniqueName } from '../../support/users.ts';
import { type Row, testRoutes } from './route-table.ts';
import { cursorPageOf, pageOf, RATE_LIMIT } from './shapes.ts';

/** The only limited route. */
const PATH = 'api/v1/tasks/task';
const UNKNOWN = 'unknown tier';

async function createFixture() {
  const admin = await adminToken();
  const rule = { path: PATH, limit: 5, period: 60 };
  const [tier, other, empty] = [
    await createTier(admin, rule),
    await createTier(admin, rule),
    await createTier(admin),
  ];
  return { admin, rule: { ...rule, name: uniqueName('rule') }, tier, other, empty };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;

const ofTier =
  (body?: object, query?: string) =>
  ({ admin: token, tier: { name } }: Fixture) => ({ path: { tier_name: name }, token, body, query });
const ofUnknownTier =
  (body?: object) =>
  ({ admin: token, tier }: Fixture) => ({ path: { tier_name: UNKNOWN, id: tier.ruleIds[0]! }, token, body });
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
const NOT_LIMITED = [{ loc: ['body', 'path'], type: 'value_error' }];

const rows: Row<'rate limits', Fixture>[] = [
  [
    'POST /tier/{tier_name}/rate_limit',
    'a rate limit without a name',
    async ({ admin: token, rule: { path, period } }) => {
      const tier = await createTier(token);
      return { path: { tier_name: tier.name }, token, body: { path, period, limit: randomInt(1, 2 ** 31) } };
    },
    201,
    RATE_LIMIT,
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a rate limit with a name',
    ({ admin: token, empty, rule }) => ({ path: { tier_name: empty.name }, token, body: rule }),
    201,
    RATE_LIMIT,
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'the path of a route without a limit',
    ofTier({ path: 'api/v1/users', limit: 5, period: 60 }),
    422,
    NOT_LIMITED,
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'an unknown tier',
    ({ rule, ...fixture }) => ofUnknownTier(rule)({ rule, ...fixture }),
    404,
    'Tier not found',
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a taken name',
    (fixture) => ofTier(fixture.rule)(fixture),
    422,
    'Rate Limit Name not available',
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a limited path in another notation',
    ofTier({ path: `/${PATH}/`, limit: 5, period: 60, name: uniqueName('rule') }),
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
    'the path of a route without a limit',
    ofRule({ path: 'api/v1/users' }),
    422,
    NOT_LIMITED,
  ],
  [
    'PATCH /tier/{tier_name}/rate_limit/{id}',
    'the name of another rate limit',
    (fixture) => ofRule({ name: fixture.rule.name })(fixture),
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

testRoutes('rate limits', createFixture, rows);
