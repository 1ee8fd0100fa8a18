// Fails when a package or an action of a workflow is not pinned by a digest, a licence is not listed, or pnpm may install
// any new version.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { runMain } from '../lib/main.ts';
import { ROOT } from '../lib/root.ts';
import { pnpm } from '../lib/toolchain.ts';
import { missingSettings, unpinned, unpinnedActions, unusable } from './rules.ts';

await runMain(async () => {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const licences = await pnpm(['licenses', 'list', '--json'], { message: 'pnpm cannot list the licences.' });
  const faults = [
    ...unpinned(read('pnpm-lock.yaml')),
    ...missingSettings(read('pnpm-workspace.yaml')),
    ...globSync('.github/workflows/*', { cwd: ROOT }).flatMap((file) => unpinnedActions(read(file))),
    ...unusable(JSON.parse(licences.stdout)),
  ];
  if (faults.length > 0) throw new Failure(faults.join('\n'));
  console.log('Packages and actions have a digest; licences are listed.');
});
