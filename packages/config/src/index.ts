export * from './define-config.js';
export * from './fragments.js';
export { parseList } from './gateway-settings.js';
export * from './similar-names.js';
export * from './variables.js';
