export * from './app-command.js';
export * from './bootstrap.js';
export * from './create-app.js';
export * from './service.module.js';
export * from './describe-api.js';
export * from './replay.js';
