export * from './free-port.js';
export * from './spawn-server.js';
export * from './wait-for.js';
