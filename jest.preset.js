// Tests run on the compiled output, as native ES modules: what is tested is what ships.
import { removeStaleOutput } from './tools/lib/toolchain.ts';

const root = import.meta.dirname;
// tsc leaves the output of a deleted test, which would still run.
removeStaleOutput([process.cwd()]);

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
  globalSetup: `${root}/tools/test/global-setup.ts`,
  globalTeardown: `${root}/tools/test/global-teardown.ts`,
  testTimeout: 30_000,
};
