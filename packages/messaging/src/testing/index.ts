export * from './memory-bus.js';
export * from './nats-server.js';
