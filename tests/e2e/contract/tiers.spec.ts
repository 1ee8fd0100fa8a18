import { assignTier, makeTier } from '../../support/make.js';
import { join, superuser, uniqueName } from '../../support/people.js';
import { type Row, testRoutes } from '../../support/route-table.js';
import { cursorPageOf, pageOf, RATE_LIMIT, TIER } from '../../support/shapes.js';

const RULE = { path: 'api/v1/tasks/task', limit: 5, period: 60 };
const OTHER_RULE = { path: 'api/v1/user/{username}', limit: 7, period: 60 };
const NO_TIER = 'no tier at all';

async function makeWorld() {
  const admin = await superuser();
  const [tier, other] = [await makeTier(admin, RULE, OTHER_RULE), await makeTier(admin, RULE)];
  await assignTier(admin, await join(), tier.id);
  const name = uniqueName('rule');
  return { admin, tier, other, named: { ...OTHER_RULE, path: `api/v1/${name}`, name } };
}

type World = Awaited<ReturnType<typeof makeWorld>>;

const newRule = () => ({ ...RULE, path: `api/v1/${uniqueName()}` });
/** A tier by its name; what is in it by `tier_name`. */
const ofTier =
  (body?: object, query?: string) =>
  ({ admin: token, tier: { name } }: World) => ({ path: { name, tier_name: name }, token, body, query });
const ofNoTier =
  (body?: object) =>
  ({ admin: token, tier }: World) => ({
    path: { name: NO_TIER, tier_name: NO_TIER, id: tier.ruleIds[0]! },
    token,
    body,
  });
const ofRule =
  (body?: object) =>
  ({ admin: token, tier }: World) => ({ path: { tier_name: tier.name, id: tier.ruleIds[0]! }, token, body });
const ofForeignRule =
  (body?: object) =>
  ({ admin: token, tier, other }: World) => ({
    path: { tier_name: tier.name, id: other.ruleIds[0]! },
    token,
    body,
  });

const rows: Row<'tiers', World>[] = [
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

  ['GET /tiers', 'anyone', () => ({}), 200, pageOf(TIER)],
  ['GET /tiers', 'a cursor', () => ({ query: 'cursor=' }), 200, cursorPageOf(TIER)],

  ['GET /tier/{name}', 'a tier', ofTier(), 200, TIER],
  ['GET /tier/{name}', 'no tier', ofNoTier(), 404, 'Tier not found'],

  [
    'PATCH /tier/{name}',
    'a new name',
    async ({ admin: token }) => {
      const { name } = await makeTier(token);
      return { path: { name }, token, body: { name: `${name} 2` } };
    },
    200,
    'Tier updated',
  ],
  ['PATCH /tier/{name}', 'nothing to change', ofTier({}), 200, 'Tier updated'],
  ['PATCH /tier/{name}', 'no tier', ofNoTier({}), 404, 'Tier not found'],
  [
    'PATCH /tier/{name}',
    'a taken name',
    ({ admin: token, tier, other: { name } }) => ({ path: { name: tier.name }, token, body: { name } }),
    422,
    'Tier Name not available',
  ],

  ['DELETE /tier/{name}', 'no tier', ofNoTier(), 404, 'Tier not found'],
  ['DELETE /tier/{name}', 'one that a user has', ofTier(), 409, 'Tier is in use'],
  [
    'DELETE /tier/{name}',
    'one that nobody has',
    async ({ admin: token }) => {
      const { name } = await makeTier(token, RULE);
      return { path: { name }, token };
    },
    200,
    'Tier deleted',
  ],

  ['POST /tier/{tier_name}/rate_limit', 'a rule without a name', ofTier(newRule()), 201, RATE_LIMIT],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a rule with a name',
    ({ named, ...world }) => ofTier(named)({ named, ...world }),
    201,
    RATE_LIMIT,
  ],
  ['POST /tier/{tier_name}/rate_limit', 'no tier', ofNoTier(RULE), 404, 'Tier not found'],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a taken name',
    (world) => ofTier({ ...newRule(), name: world.named.name })(world),
    422,
    'Rate Limit Name not available',
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'a limited path, written in another way',
    ofTier({ ...RULE, path: '/api/v1/tasks/task/', name: uniqueName('rule') }),
    422,
    'There is already a rate limit for this path',
  ],
  [
    'POST /tier/{tier_name}/rate_limit',
    'none in no time',
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
  ['GET /tier/{tier_name}/rate_limits', 'no tier', ofNoTier(), 404, 'Tier not found'],

  [
    'GET /tier/{tier_name}/rate_limit/{id}',
    'a rule',
    ofRule(),
    200,
    { ...RATE_LIMIT, path: 'api_v1_tasks_task' },
  ],
  ['GET /tier/{tier_name}/rate_limit/{id}', 'no tier', ofNoTier(), 404, 'Tier not found'],
  ['GET /tier/{tier_name}/rate_limit/{id}', 'another tier’s', ofForeignRule(), 404, 'Rate Limit not found'],

  ['PATCH /tier/{tier_name}/rate_limit/{id}', 'a rule', ofRule({ limit: 9 }), 200, 'Rate Limit updated'],
  ['PATCH /tier/{tier_name}/rate_limit/{id}', 'nothing to change', ofRule({}), 200, 'Rate Limit updated'],
  ['PATCH /tier/{tier_name}/rate_limit/{id}', 'no tier', ofNoTier({}), 404, 'Tier not found'],
  [
    'PATCH /tier/{tier_name}/rate_limit/{id}',
    'another tier’s',
    ofForeignRule({}),
    404,
    'Rate Limit not found',
  ],
  [
    'PATCH /tier/{tier_name}/rate_limit/{id}',
    'the path of another rule',
    ofRule({ path: OTHER_RULE.path }),
    422,
    'There is already a rate limit for this path',
  ],
  [
    'PATCH /tier/{tier_name}/rate_limit/{id}',
    'the name of another rule',
    (world) => ofRule({ name: world.named.name })(world),
    422,
    'There is already a rate limit with this name',
  ],

  ['DELETE /tier/{tier_name}/rate_limit/{id}', 'no tier', ofNoTier(), 404, 'Tier not found'],
  [
    'DELETE /tier/{tier_name}/rate_limit/{id}',
    'another tier’s',
    ofForeignRule(),
    404,
    'Rate Limit not found',
  ],
  ['DELETE /tier/{tier_name}/rate_limit/{id}', 'a rule', ofRule(), 200, 'Rate Limit deleted'],
  ['DELETE /tier/{tier_name}/rate_limit/{id}', 'one that is gone', ofRule(), 404, 'Rate Limit not found'],
];

testRoutes('tiers', makeWorld, rows);
