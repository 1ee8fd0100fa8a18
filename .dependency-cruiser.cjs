const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** The architecture as rules, checked on the sources, with imports of types. Each comment says what to do instead. */
const app = '^apps/([^/]+)/';

/** Each package, from the bottom layer to the top, and the packages that it may import. */
const PACKAGES = {
  contracts: [],
  config: [],
  core: ['contracts'],
  observability: ['core'],
  database: ['contracts', 'config', 'core'],
  redis: ['core'],
  messaging: ['contracts', 'core', 'observability', 'database'],
  auth: ['contracts', 'core', 'messaging'],
  cache: ['core', 'redis', 'messaging'],
  'rate-limit': ['contracts', 'core', 'redis', 'messaging'],
  queue: ['core', 'observability', 'redis'],
  service: ['contracts', 'config', 'core', 'observability', 'database', 'messaging', 'auth'],
  testing: ['contracts', 'config', 'core', 'database', 'redis', 'messaging', 'auth', 'service'],
  'api-client': [],
};
const NAMES = Object.keys(PACKAGES);
/** The services and the container of the gateway read this file. */
const GATEWAY_SETTINGS = '^packages/config/src/gateway-settings\\.ts$';
const TEST_CODE = '\\.spec\\.ts$|/src/testing/';

const onlyThese = (names) => `^packages/(?!(?:${names.join('|')})/)`;

/** A package imports what the table allows; its tests may import every package of a lower layer. */
const layers = NAMES.flatMap((name, index) => [
  {
    name: name === 'contracts' ? 'contracts-have-no-logic' : `${name}-imports-lower-layers`,
    comment:
      name === 'contracts'
        ? 'Contracts are what crosses a process: DTOs, names and types. Logic belongs into another package or an app.'
        : `${name} may import: ${PACKAGES[name].join(', ') || 'no other package'}. Move what both need into a lower layer.`,
    severity: 'error',
    from: { path: `^packages/${name}/`, pathNot: TEST_CODE },
    to: { path: onlyThese([name, ...PACKAGES[name]]) },
  },
  {
    name: `tests-of-${name}-import-lower-layers`,
    comment: 'A test that needs a higher layer belongs into that layer.',
    severity: 'error',
    from: { path: `^packages/${name}/.*(?:${TEST_CODE})` },
    to: { path: onlyThese(NAMES.slice(0, index + 1)) },
  },
]);

const MOVE = 'An image has no devDependencies. Move the package to the dependencies of package.json.';

/** Production code imports its dependencies only. Workspace packages have no type of dependency here, so they are named. */
const ownDependencies = ['apps', 'packages'].flatMap((folder) =>
  readdirSync(join(__dirname, folder)).flatMap((name) => {
    const manifest = join(__dirname, folder, name, 'package.json');
    const { devDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
    const others = Object.keys(devDependencies).flatMap((one) => /^@repo\/(.*)/.exec(one)?.[1] ?? []);
    if (others.length === 0) return [];
    return {
      name: `${name}-imports-its-dependencies`,
      comment: MOVE,
      severity: 'error',
      from: { path: `^${folder}/${name}/src/`, pathNot: TEST_CODE },
      to: { path: `^packages/(?:${others.join('|')})/`, dependencyTypesNot: ['type-only'] },
    };
  }),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layers,
    ...ownDependencies,
    {
      name: 'no-dev-dependencies-in-production',
      comment: MOVE,
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src/', pathNot: TEST_CODE },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-declared-dependencies',
      comment: 'Declare it in package.json of this workspace: its image has no dependencies of others.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-package-in-deployed-files',
      comment: 'These files also run in containers, where nothing is installed. They may import types.',
      severity: 'error',
      from: {
        path: `^(infra|nginx)/|${GATEWAY_SETTINGS}`,
        pathNot: '\\.test\\.ts$|/testing/|^infra/rights/',
      },
      to: {
        pathNot: `^(infra|nginx|tools/lib)/|${GATEWAY_SETTINGS}`,
        dependencyTypesNot: ['core', 'type-only'],
      },
    },
    {
      name: 'core-without-typeorm-and-fastify',
      comment: 'Code for tables belongs into packages/database, code for HTTP into packages/service.',
      severity: 'error',
      from: { path: '^packages/(contracts|config|core)/' },
      to: { path: '(?:^|node_modules/)(?:typeorm|fastify)(?:/|$)' },
    },
    {
      name: 'only-queue-imports-bullmq',
      comment: 'Apps use the queues and workers of packages/queue.',
      severity: 'error',
      from: { path: '^(apps|packages|docs/examples)/', pathNot: '^packages/queue/' },
      to: { path: '(?:^|node_modules/)bullmq(?:/|$)' },
    },
    {
      name: 'no-testing-in-production',
      comment: 'Test helpers are in no image: only specs, tests and other test helpers may import them.',
      severity: 'error',
      from: {
        path: '^(apps|packages|docs/examples)/',
        pathNot: `${TEST_CODE}|^packages/testing/|^apps/[^/]+/test/`,
      },
      to: { path: '^packages/(?:testing|[^/]+/(?:src|dist)/testing)/' },
    },
    {
      name: 'no-tests-in-production',
      comment: 'Specs and tests are in no image.',
      severity: 'error',
      from: { path: '^(apps|packages|docs/examples)/[^/]+/', pathNot: `${TEST_CODE}|^apps/[^/]+/test/` },
      to: { path: '\\.spec\\.ts$|^apps/[^/]+/test/' },
    },
    {
      name: 'no-cycles',
      comment:
        'In ES modules a cycle through decorated classes throws at start. Move what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-app-in-another-app',
      comment:
        'Services communicate over NATS: put the message into packages/contracts and a client next to the feature.',
      severity: 'error',
      from: { path: app },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-app-in-packages',
      comment: 'A package serves every app. Code for one app belongs into that app.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-repository-in-controllers',
      comment: 'A controller, consumer or processor calls its service; queries belong into the repository.',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/.*\\.(controller|consumer|responder|processor)\\.ts$' },
      to: { path: '\\.(repository|entity)\\.ts$|node_modules/typeorm/' },
    },
    {
      name: 'no-typeorm-in-services',
      comment: 'Add a method to the repository.',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/.*\\.service\\.ts$' },
      to: { path: 'node_modules/typeorm/' },
    },
    {
      name: 'no-service-in-repositories',
      comment: 'A repository reads and writes rows; its service decides.',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/.*\\.repository\\.ts$' },
      to: { path: '\\.(service|controller|consumer|responder)\\.ts$' },
    },
    {
      name: 'entities-import-entities',
      comment:
        'An entity describes a table: it imports other entities of its service and nothing else of the app.',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/.*\\.entity\\.ts$' },
      to: { path: '^apps/', pathNot: '\\.entity\\.ts$' },
    },
    {
      name: 'no-app-in-examples',
      comment: 'An example uses the packages only.',
      severity: 'error',
      from: { path: '^docs/examples/' },
      to: { path: '^apps/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '^(tools/generators/templates|apps/[^/]+/assets)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
