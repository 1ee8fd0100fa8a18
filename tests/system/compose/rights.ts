// @ts-check
import { root } from './stack.ts';

/**
 * The credentials of each service against everything that is not its own, on the servers of the stack.
 *
 * @param {import('./stack.ts').Stack} stack
 */
export async function rights(stack) {
  const image = (await stack.services()).jobs?.image ?? '';
  const mounts = ['--volume', `${stack.project}_secrets:/vault:ro`, '--volume', `${root}infra:/infra:ro`];
  const inside = ['--network', `${stack.project}_data`, '--user', '0', ...mounts, image];
  console.log(
    await stack.docker(
      'run',
      '--rm',
      ...inside,
      'node',
      '/infra/rights/check.ts',
      '/infra/rights/compose.json',
    ),
  );
}
