// @ts-check

/** Jest's globalTeardown: stops what globalSetup started. */
export default async function teardown() {
  await /** @type {any} */ (globalThis).__stopStack?.();
}
