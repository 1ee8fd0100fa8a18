export * from './auth.requests.js';
export * from './dead-letter.dto.js';
export * from './event-map.js';
export * from './request-map.js';
export * from './users.requests.js';
