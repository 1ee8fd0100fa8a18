// Tests run on the compiled output, as native ES modules: what is tested is what ships.
export default {
  testEnvironment: 'node',
  transform: {},
  coverageProvider: 'v8',
  maxWorkers: 1,
};
