/** The architecture as rules, checked on the compiled code. Each comment says what to do instead. */
const app = '^apps/([^/]+)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'In ES modules a cycle through decorated classes throws at start. Move what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'apps-are-apart',
      comment:
        'A service asks another over NATS: put the message into packages/contracts and a client beside the feature.',
      severity: 'error',
      from: { path: app },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'packages-know-no-app',
      comment: 'A package serves every app. What is about one app belongs into that app.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'contracts-are-poor',
      comment:
        'Contracts are what crosses a process: DTOs, names and types. Logic belongs into runtime or an app.',
      severity: 'error',
      from: { path: '^packages/contracts/' },
      to: { path: '^packages/(runtime|config)/' },
    },
    {
      name: 'config-stands-alone',
      comment: 'Settings know nothing of what they are settings of.',
      severity: 'error',
      from: { path: '^packages/config/' },
      to: { path: '^packages/(runtime|contracts)/' },
    },
    {
      name: 'ways-in-only-translate',
      comment:
        'Controllers, messages and processors call their service; queries are the business of its repository.',
      severity: 'error',
      from: { path: '^apps/[^/]+/dist/src/.*\\.(controller|messages|processor)\\.js$' },
      to: { path: '\\.(repository|entity)\\.js$|node_modules/typeorm/' },
    },
    {
      name: 'services-speak-no-sql',
      comment: 'Give the repository a method that is named after the question.',
      severity: 'error',
      from: { path: '^apps/[^/]+/dist/src/.*\\.service\\.js$' },
      to: { path: 'node_modules/typeorm/' },
    },
    {
      name: 'repositories-know-no-rules',
      comment: 'A repository answers questions; its service decides.',
      severity: 'error',
      from: { path: '^apps/[^/]+/dist/src/.*\\.repository\\.js$' },
      to: { path: '\\.(service|controller|messages)\\.js$' },
    },
    {
      name: 'entities-know-entities',
      comment: 'An entity is a table: columns, indexes, other entities of the service, nothing else of ours.',
      severity: 'error',
      from: { path: '^apps/[^/]+/dist/src/.*\\.entity\\.js$' },
      to: { path: '^apps/', pathNot: '\\.entity\\.js$' },
    },
    {
      name: 'examples-are-outside',
      comment: 'Examples show what a feature of its own builds on: the packages.',
      severity: 'error',
      from: { path: '^docs/examples/' },
      to: { path: '^apps/' },
    },
    {
      name: 'journeys-are-clients',
      comment: 'Journeys see what a client sees: the gateway and the contracts.',
      severity: 'error',
      from: { path: '^tests/' },
      to: { path: '^apps/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.d\\.ts$|\\.map$' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
