export * from './expect-server.js';
export * from './redis-client.js';
export * from './redis-key.js';
export * from './redis-settings.js';
