/** Only a system that this suite has started is its to damage. */
const foreign = process.env.GATEWAY_URL && !process.env.STACK_DIR;

export default {
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/strip-types.ts' },
  globalSetup: '<rootDir>/e2e/global-setup.ts',
  globalTeardown: '<rootDir>/e2e/global-teardown.ts',
  testPathIgnorePatterns: foreign ? ['[/.]supervision\\.spec\\.ts$'] : [],
  maxWorkers: 1,
  testTimeout: 60_000,
};
