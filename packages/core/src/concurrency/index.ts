export * from './circuit-breaker.js';
export * from './semaphore.js';
