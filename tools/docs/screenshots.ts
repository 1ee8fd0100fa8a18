// Takes the pictures of docs/images with the test of the pages: node tools/docs/screenshots.ts
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { status } = spawnSync(process.execPath, ['--test', 'tests/system/pages.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SCREENSHOTS: join(root, 'docs/images') },
});
process.exitCode = status ?? 1;
