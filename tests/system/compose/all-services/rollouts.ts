import assert from 'node:assert/strict';
import { SERVICE_NAMES } from '../../../../infra/services.ts';
import type { Stack } from '../stack.ts';
import { noneFailed } from './gateway-log.ts';
import { underLoad } from './load.ts';

/** Rolls out each service, which replaces all its replicas: no request fails. */
export async function rollouts(stack: Stack): Promise<void> {
  const samples = await underLoad(stack, async () => {
    for (const service of SERVICE_NAMES) await isReplaced(stack, service);
  });
  await noneFailed(stack, samples);
  // Without load: on two cores, two new replicas start at the cost of the others.
  await stack.scale(2, 'posts');
  await isReplaced(stack, 'posts');
  await stack.scale(1, 'posts');
}

async function isReplaced(stack: Stack, service: string): Promise<void> {
  const idsOf = async () => (await stack.containers(service)).map(({ id }) => id);
  const old = await idsOf();
  await stack.rollOut(service);
  const now = await idsOf();
  assert.equal(now.length, old.length);
  assert.ok(!now.some((id) => old.includes(id)));
}
