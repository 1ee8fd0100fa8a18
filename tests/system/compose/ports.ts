import assert from 'node:assert/strict';
import type { Stack } from './stack.ts';

/** Only the gateway is reachable from outside, and pgAdmin, which starts on demand, from the machine itself. */
export async function ports(stack: Stack): Promise<void> {
  const { services } = await stack.config('--profile', 'pgadmin');
  const published = Object.entries(services).flatMap(([name, { ports: list = [] }]) =>
    list.map(({ host_ip = 'every address' }) => `${name} on ${host_ip}`),
  );
  assert.deepEqual(published.sort(), ['nginx on every address', 'pgadmin on 127.0.0.1']);
  assert.ok(!('pgadmin' in (await stack.config()).services));
}
