// @ts-check
// Takes the pictures in docs/images from the check that looks at the pages: node infra/docs/screenshots.mjs
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { status } = spawnSync(process.execPath, ['--test', 'infra/ci/pages.mjs'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SCREENSHOTS: join(root, 'docs/images') },
});
process.exitCode = status ?? 1;
