export type { Queue as BullQueue } from 'bullmq';
export * from './abortable.js';
export * from './back-off.js';
export * from './queue-worker.js';
export * from './queue.js';
export * from './queue.module.js';
export * from './queues.js';
