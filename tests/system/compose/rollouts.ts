// @ts-check
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { SERVICE_NAMES } from '../../../infra/services.ts';
import { explain } from './gateway-log.ts';
import { Load } from './load.ts';

/**
 * Each service in turn is rolled out while clients read and write: none of them notices, and every write has had its
 * effect once.
 *
 * @param {import('./stack.ts').Stack} stack @param {{ requests: number }} options
 */
export async function rollouts(stack, { requests }) {
  const load = await Load.prepare(stack.gateway, stack.query);
  load.start();
  for (const service of SERVICE_NAMES) await stack.run('npm', 'run', '--silent', 'rollout', '--', service);
  while (load.sent < requests) await delay(100);
  await load.stop();
  console.log(load.report());
  await explain(stack, load.failed);
  assert.equal(load.failed.length, 0, 'requests failed');
  assert.deepEqual(await load.wrongWrites(), []);
  console.log('every POST was applied exactly once');
  await load.close();
}
