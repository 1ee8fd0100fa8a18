import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { SERVICE_NAMES } from '../../../../infra/services.ts';
import { printFailures } from './gateway-log.ts';
import { Load } from './load.ts';
import type { Stack } from '../stack.ts';

/** Rolls out each service under load: no request fails, and every write takes effect exactly once. */
export async function rollouts(stack: Stack, minRequests: number): Promise<void> {
  const load = await Load.prepare(stack);
  load.start();
  for (const service of SERVICE_NAMES) await stack.rollOut(service);
  while (load.sent < minRequests) await delay(100);
  await load.stop();
  console.log(load.report());
  await printFailures(stack, load.failed);
  assert.equal(load.failed.length, 0, 'requests failed');
  assert.deepEqual(await load.wrongWrites(), []);
  await load.close();
}
