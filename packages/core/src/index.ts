export * from './concurrency/index.js';
export * from './context/index.js';
export * from './errors/index.js';
export * from './failpoints/index.js';
export * from './validation/index.js';
export * from './wrap-handler.js';
