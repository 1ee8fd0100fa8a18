export * from './validated.js';
