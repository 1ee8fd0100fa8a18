export * from './breaker.js';
export * from './limit.js';
