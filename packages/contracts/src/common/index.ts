export * from './fields-of.js';
export * from './health.dto.js';
export * from './list-query.js';
export * from './message.dto.js';
export * from './page.dto.js';
export * from './problem.dto.js';
export * from './uuid.param.js';
