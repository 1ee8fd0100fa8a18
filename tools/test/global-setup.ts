// @ts-check
import { startTestServers } from './test-servers.ts';

/**
 * Jest's globalSetup: private Postgres, Redis and NATS for this suite, their addresses in the environment. With
 * TEST_SERVERS (the same variables as JSON) those servers are used, and nothing is started.
 */
export default async function setup() {
  const given = process.env.TEST_SERVERS;
  if (given) {
    Object.assign(process.env, JSON.parse(given));
    return;
  }
  const { env, stop } = await startTestServers();
  Object.assign(process.env, env);
  /** @type {any} */ (globalThis).__stopTestServers = stop;
}
