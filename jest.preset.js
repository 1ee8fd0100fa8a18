// Tests run on the compiled output, as native ES modules: what is tested is what ships.
const root = import.meta.dirname;

/** Tests of pure code: no server, no start-up cost. */
export const unit = {
  testEnvironment: 'node',
  rootDir: 'dist',
  transform: {},
  coverageProvider: 'v8',
  maxWorkers: 1,
};

/** Tests against real Postgres, Redis and NATS, which are started for the suite and stopped after it. */
export default {
  ...unit,
  globalSetup: `${root}/infra/testing/global-setup.mjs`,
  globalTeardown: `${root}/infra/testing/global-teardown.mjs`,
  setupFiles: [`${root}/infra/testing/own-database.mjs`],
  testTimeout: 30_000,
};
