// @ts-check
// Takes the pictures in docs/images from the check that looks at the pages: node tools/docs/screenshots.ts
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { status } = spawnSync(process.execPath, ['--test', 'tests/system/pages.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SCREENSHOTS: join(root, 'docs/images') },
});
process.exitCode = status ?? 1;
