// @ts-check
import { startTestServers } from '../../tools/test/test-servers.ts';

/**
 * Lends private Postgres, Redis and NATS to a benchmark. Its environment names them, so settings find them.
 *
 * @template T
 * @param {(env: Record<string, string>) => Promise<T>} work
 */
export async function withServers(work) {
  const { env, stop } = await startTestServers();
  Object.assign(process.env, env);
  try {
    return await work(env);
  } finally {
    await stop();
  }
}
