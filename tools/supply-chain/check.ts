// Fails when a package or an action of a workflow is not pinned by a digest, or a licence is not listed.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm, root } from './pnpm.ts';
import { unpinned, unpinnedActions, unusable } from './rules.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const faults = [
  ...unpinned(read('pnpm-lock.yaml')),
  ...globSync('.github/workflows/*', { cwd: root }).flatMap((file) => unpinnedActions(read(file))),
  ...unusable(JSON.parse(pnpm('licenses', 'list', '--json'))),
];
for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log('Packages and actions have a digest; licences are listed.');
process.exitCode = faults.length === 0 ? 0 : 1;
