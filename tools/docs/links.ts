// Fails when a link in a page of the repository leads nowhere: node tools/docs/links.ts
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadLinks } from './link.ts';

const root = join(import.meta.dirname, '../..');
const exists = (path: string) => existsSync(join(root, path));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const args = ['--cached', '--others', '--exclude-standard', '*.md', ':!tools/generators/templates'];
const pages = execFileSync('git', ['ls-files', ...args], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((page) => page && exists(page));

const dead = pages.flatMap((page) => deadLinks(page, read, exists));
for (const sentence of dead) console.error(sentence);
if (dead.length === 0)
  console.log(`The links of ${pages.length} pages lead to files and headings that exist.`);
process.exitCode = dead.length === 0 ? 0 : 1;
