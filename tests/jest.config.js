import { unit } from '../jest.preset.js';

/** Only a system that this suite has started is its to damage. */
const foreign = process.env.GATEWAY_URL && !process.env.STACK_DIR;

export default {
  ...unit,
  globalSetup: `${import.meta.dirname}/e2e/global-setup.ts`,
  globalTeardown: `${import.meta.dirname}/e2e/global-teardown.ts`,
  testPathIgnorePatterns: foreign ? ['[/.]supervision\\.spec\\.js$'] : [],
  testTimeout: 60_000,
};
