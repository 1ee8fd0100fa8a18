export * from './queue-worker.js';
export * from './queue.js';
export * from './queue.module.js';
