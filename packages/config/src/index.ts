export * from './define-config.js';
export * from './fragments.js';
export * from './variables.js';
