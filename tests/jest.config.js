export default {
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/e2e/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/strip-types.ts' },
  globalSetup: '<rootDir>/e2e/global-setup.ts',
  globalTeardown: '<rootDir>/e2e/global-teardown.ts',
  // Only a system that this suite has started is its to damage.
  testPathIgnorePatterns: process.env.GATEWAY_URL ? ['[/.]supervision\\.spec\\.ts$'] : [],
  maxWorkers: 1,
  testTimeout: 60_000,
};
