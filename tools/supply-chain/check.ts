// @ts-check
// What is installed or run comes from where it should, as it was published, and under a licence that lets us use it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm, root } from './pnpm.ts';
import { unpinned, unpinnedActions, unusable } from './rules.ts';

const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
const licences = JSON.parse(pnpm('licenses', 'list', '--json'));
const workflows = join(root, '.github/workflows');
const actions = readdirSync(workflows).flatMap((name) =>
  unpinnedActions(readFileSync(join(workflows, name), 'utf8')),
);
const faults = [...unpinned(lockfile), ...actions, ...unusable(licences)];
for (const fault of faults) console.error(fault);
if (faults.length === 0)
  console.log(
    'Every package has a digest and a licence that is listed; every action of a workflow has a digest.',
  );
process.exitCode = faults.length === 0 ? 0 : 1;
