export * from './api-client.js';
export * from './memory-bus.js';
export * from './redis-server.js';
export * from './test-app.js';
export * from './test-database.js';
export * from './test-tokens.js';
export * from './undeclared-routes.js';
export * from './wait-for.js';
