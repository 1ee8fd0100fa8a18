export * from './client-network.js';
export * from './request-context.js';
export * from './trace-context.js';
