import { unit } from '../jest.preset.js';

export default {
  ...unit,
  globalSetup: `${import.meta.dirname}/global-setup.mjs`,
  globalTeardown: `${import.meta.dirname}/global-teardown.mjs`,
  testTimeout: 30_000,
};
