export * from './circuit-breaker.js';
export * from './deadline.js';
export * from './in-flight.js';
export * from './keyed-queue.js';
export * from './semaphore.js';
