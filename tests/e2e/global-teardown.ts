/** Jest's globalTeardown. */
export { stopStack as default } from './global-setup.ts';
