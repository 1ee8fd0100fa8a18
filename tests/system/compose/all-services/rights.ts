import { join } from 'node:path';
import { ROOT } from '../../../../tools/lib/root.ts';
import type { Stack } from '../stack.ts';

/** Uses the credentials of each service on the servers of the stack, within its rights and beyond them. */
export async function rights(stack: Stack): Promise<void> {
  const mounts = [`${stack.project}_secrets:/vault:ro`, `${join(ROOT, 'infra')}:/infra:ro`];
  const options = [...mounts.flatMap((mount) => ['--volume', mount]), '--network', `${stack.project}_data`];
  const check = ['node', '/infra/rights/check.ts', '/infra/rights/compose.json'];
  console.log(
    await stack.docker('run', '--rm', '--user', '0', ...options, await stack.imageOf('jobs'), ...check),
  );
}
