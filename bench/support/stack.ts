// @ts-check
import { join } from 'node:path';
import { apiClient } from '@repo/testing/api-client';
import { startStack } from '../../tools/stack/stack.ts';

/** Of the environment only what programs need: settings of somebody's shell would make this another system. */
const { PATH, HOME, TMPDIR } = process.env;

/**
 * Lends the whole system, new and empty, to a benchmark.
 *
 * @template T
 * @param {{ root: string, dir: string, replicas?: Record<string, number>, env?: Record<string, string> }} options
 * @param {(stack: import('../../tools/stack/stack.ts').Stack) => Promise<T>} work
 */
export async function withStack({ root, dir, replicas, env }, work) {
  const stack = await startStack({
    ...{ root, dir: join(dir, 'stack'), replicas, env },
    base: { PATH, HOME, ...(TMPDIR && { TMPDIR }) },
    gatewayPort: 0,
    durable: false,
  });
  try {
    return await work(stack);
  } finally {
    await stack.stop();
  }
}

/** Someone with an account, and the token of a session. @param {string} gatewayUrl @param {string} username */
export async function signUp(gatewayUrl, username) {
  const api = apiClient(`${gatewayUrl}/api/v1`);
  const password = 'correct-horse-battery';
  await api('POST /user', { body: { name: 'Bench', username, email: `${username}@example.com`, password } });
  const { body } = await api('POST /login', { form: { username, password } });
  return { api, username, token: /** @type {string} */ (body.access_token) };
}
