export * from './bootstrap/index.js';
export * from './http/index.js';
export * from './idempotency/index.js';
