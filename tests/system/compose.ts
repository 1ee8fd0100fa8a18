// @ts-check
// The compose stack from nothing: build, start, and everything that is promised of it; then removal.
//
//   node tests/system/compose.ts                          all of it
//   node tests/system/compose.ts rollouts replicas        these parts only
//   node tests/system/compose.ts rollouts --requests=5000 with as many requests at least
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated } from './compose/generated.ts';
import { images, memory, ports } from './compose/images.ts';
import { root, Stack, timed } from './compose/stack.ts';
// #region only with posts, jobs
import { healing } from './compose/healing.ts';
import { rebuild } from './compose/images.ts';
import { production } from './compose/production.ts';
import { replicas } from './compose/replicas.ts';
import { rights } from './compose/rights.ts';
import { rollbacks } from './compose/rollbacks.ts';
import { rollouts } from './compose/rollouts.ts';
import { stopping } from './compose/stopping.ts';
import { subset } from './compose/subset.ts';
// #endregion

const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('--'));
// #region only with posts, jobs
const requests = Number(args.find((arg) => arg.startsWith('--requests='))?.split('=')[1] ?? 0);
// #endregion

/** Against one stack, which each leaves as it found it. @type {Record<string, (stack: Stack) => Promise<unknown>>} */
const SHARED = {
  images,
  ports,
  tour: (stack) => stack.run(process.execPath, 'tests/system/readme.ts', 'tour'),
  journeys: (stack) => stack.run('npx', '-y', pnpm(), '--filter', '@repo/tests', 'test'),
  memory,
  // #region only with posts, jobs
  rebuild,
  rights,
  rollouts: (stack) => rollouts(stack, { requests }),
  rollbacks,
  replicas: (stack) => replicas(stack, { requests }),
  healing,
  stopping,
  // #endregion
};
/** Each with a stack of its own. @type {Record<string, (stack: Stack) => Promise<unknown>>} */
const ALONE = {
  generated,
  // #region only with posts, jobs
  subset,
  production,
  // #endregion
};

try {
  const shared = partsOf(SHARED);
  if (shared.length > 0)
    await withStack('shared', async (stack) => {
      await timed('build', () => stack.compose('build', '--quiet'));
      await timed('up --wait', () => stack.up());
      for (const [name, part] of shared) await run(name, () => part(stack));
    });
  for (const [name, part] of partsOf(ALONE)) await withStack(name, (stack) => run(name, () => part(stack)));
} catch (error) {
  console.log(error);
  process.exitCode = 1;
}
process.exit();

/** @template T @param {Record<string, T>} parts */
function partsOf(parts) {
  return Object.entries(parts).filter(([name]) => wanted.length === 0 || wanted.includes(name));
}

/** @param {string} name @param {() => Promise<unknown>} work */
async function run(name, work) {
  console.log(`\n--- ${name}`);
  await timed(name, work);
}

/** @param {string} name @param {(stack: Stack) => Promise<unknown>} work */
async function withStack(name, work) {
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

function pnpm() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
}
