import { after, before, describe, it } from 'node:test';
import { generated } from './generated.ts';
import { images } from './images.ts';
import { ports } from './ports.ts';
import { Stack } from './stack.ts';
// #region only with posts, jobs
import { external } from './all-services/external.ts';
import { healing } from './all-services/healing.ts';
import { networks } from './all-services/networks.ts';
import { production } from './all-services/production.ts';
import { replicas } from './all-services/replicas.ts';
import { rights } from './all-services/rights.ts';
import { rollbacks } from './all-services/rollbacks.ts';
import { rollouts } from './all-services/rollouts.ts';
import { stopping } from './all-services/stopping.ts';
import { subset } from './all-services/subset.ts';
// #endregion

type Part = (stack: Stack) => unknown;

/** Parts with one stack, which each leaves as it was. */
const SHARED: Record<string, Part> = {
  images,
  ports,
  tour: (stack) => stack.tour(),
  journeys: (stack) => stack.run('pnpm', '--filter', '@repo/tests', 'e2e'),
  memory: (stack) => stack.run('bash', '-c', 'docker stats --no-stream $(docker compose ps --quiet)'),
  // #region only with posts, jobs
  networks,
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
  external,
  production,
  // #endregion
};

describe('one stack', () => {
  let stack: Stack;
  before(async () => {
    stack = await Stack.named(`ci-shared-${process.pid}`);
    await logged(stack, start);
  });
  after(() => stack.down());
  for (const [name, part] of Object.entries(SHARED)) it(name, () => logged(stack, part));
});

describe('a new stack', () => {
  for (const [name, part] of Object.entries(ALONE))
    it(name, async () => {
      const stack = await Stack.named(`ci-${name}-${process.pid}`);
      try {
        await logged(stack, part);
      } finally {
        await stack.down();
      }
    });
});

async function start(stack: Stack): Promise<void> {
  await stack.compose('build', '--quiet');
  await stack.up();
}

/** Prints the state and the last lines of the containers when the part fails. */
async function logged(stack: Stack, part: Part): Promise<void> {
  try {
    await part(stack);
  } catch (error) {
    await stack.run('docker', 'compose', 'ps', '--all');
    await stack.run('docker', 'compose', 'logs', '--tail', '30');
    throw error;
  }
}
