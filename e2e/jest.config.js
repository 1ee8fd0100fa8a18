import { unit } from '../jest.preset.js';

/** Only a system that this suite has started is its to damage. */
const foreign = process.env.GATEWAY_URL && !process.env.STACK_DIR;

export default {
  ...unit,
  globalSetup: `${import.meta.dirname}/global-setup.mjs`,
  globalTeardown: `${import.meta.dirname}/global-teardown.mjs`,
  testPathIgnorePatterns: foreign ? ['[/.]supervision\\.spec\\.js$'] : [],
  testTimeout: 60_000,
};
