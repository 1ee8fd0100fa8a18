import { parseArguments } from '../../../tools/lib/arguments.ts';
import { Failure } from '../../../tools/lib/failure.ts';
import { runMain } from '../../../tools/lib/main.ts';
import { generated } from './generated.ts';
import { images } from './images.ts';
import { memory, ports } from './running.ts';
import { Stack, timed } from './stack.ts';
// #region only with posts, jobs
import { healing } from './all-services/healing.ts';
import { production } from './all-services/production.ts';
import { rebuild } from './all-services/rebuild.ts';
import { replicas } from './all-services/replicas.ts';
import { rights } from './all-services/rights.ts';
import { rollbacks } from './all-services/rollbacks.ts';
import { rollouts } from './all-services/rollouts.ts';
import { stopping } from './all-services/stopping.ts';
import { subset } from './all-services/subset.ts';
// #endregion

type Part = (stack: Stack, requests: number) => Promise<unknown>;

/** Parts with one stack, which each leaves as it was. */
const SHARED: Record<string, Part> = {
  images,
  ports,
  tour: (stack) => stack.tour(),
  journeys: (stack) => stack.run('pnpm', '--filter', '@repo/tests', 'e2e'),
  memory,
  // #region only with posts, jobs
  rebuild,
  rights,
  rollouts,
  rollbacks,
  replicas,
  healing,
  stopping,
  // #endregion
};
/** Parts with a stack of their own. */
const ALONE: Record<string, Part> = {
  generated,
  // #region only with posts, jobs
  subset,
  production,
  // #endregion
};
const NAMES = [...Object.keys(SHARED), ...Object.keys(ALONE)];
const USAGE = `Usage: node tests/system/compose.ts [<part>…] [--requests=<number>]; parts are ${NAMES.join(', ')}.`;

await runMain(async () => {
  const { values, positionals } = parseArguments(USAGE, {
    allowPositionals: true,
    options: { requests: { type: 'string', default: '0' } },
  });
  if (!positionals.every((name) => NAMES.includes(name))) throw new Failure(USAGE);
  const isWanted = ([name]: [string, Part]) => positionals.length === 0 || positionals.includes(name);
  const run = ([name, part]: [string, Part], stack: Stack) => {
    console.log(`\n--- ${name}`);
    return timed(name, () => part(stack, Number(values.requests)));
  };

  const shared = Object.entries(SHARED).filter(isWanted);
  if (shared.length > 0)
    await withStack('shared', async (stack) => {
      await timed('build', () => stack.compose('build', '--quiet'));
      await timed('up --wait', () => stack.up());
      for (const part of shared) await run(part, stack);
    });
  for (const part of Object.entries(ALONE).filter(isWanted))
    await withStack(part[0], (stack) => run(part, stack));
});

async function withStack(name: string, work: (stack: Stack) => Promise<unknown>): Promise<void> {
  const stack = await Stack.named(`ci-${name}-${process.pid}`);
  try {
    await work(stack);
  } catch (error) {
    await stack.run('docker', 'compose', 'ps', '--all');
    await stack.run('docker', 'compose', 'logs', '--tail', '30');
    throw error;
  } finally {
    await stack.down();
  }
}
