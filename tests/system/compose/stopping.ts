// @ts-check
import assert from 'node:assert/strict';
import { SERVICE_NAMES } from '../../../infra/services.ts';

const LIMITS_S = { worker: 25 };
const APP_LIMIT_S = 10;

/**
 * SIGTERM reaches every app; it finishes what it does and exits with 0. The worker has tasks in hand.
 *
 * @param {import('./stack.ts').Stack} stack
 */
export async function stopping(stack) {
  const { client } = stack;
  const { token } = await client.join();
  for (let n = 0; n < 3; n += 1) await client.get('POST /api/v1/tasks/task?message=stop', { token });
  for (const service of [...SERVICE_NAMES].reverse()) {
    for (const { name, id } of await stack.containers(service)) {
      const limit = LIMITS_S[/** @type {keyof typeof LIMITS_S} */ (service)] ?? APP_LIMIT_S;
      const since = Date.now();
      await stack.docker('stop', '-t', '60', id);
      const took = (Date.now() - since) / 1000;
      const [stopped] = await stack.inspect([id]);
      console.log(`${name} stopped with exit code ${stopped?.exitCode} after ${took.toFixed(1)} s`);
      assert.equal(stopped?.exitCode, 0);
      assert.ok(took <= limit, `more than ${limit} s`);
    }
  }
  await stack.up();
}
