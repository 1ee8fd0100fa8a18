// @ts-check
// Follows the links between the pages of the repository: node tools/docs/links.ts
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deadLinks } from './link.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', ':!tools/generators/templates'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((page) => page && existsSync(join(root, page)));

const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');
const complaints = pages.flatMap((page) => deadLinks(page, read, (path) => existsSync(join(root, path))));
for (const complaint of complaints) console.error(complaint);
if (complaints.length === 0) console.log(`the links of ${pages.length} pages lead somewhere`);
process.exitCode = complaints.length === 0 ? 0 : 1;
