export * from './test-database.js';
export * from './test-tables.js';
