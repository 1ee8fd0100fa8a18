// @ts-check
// Keeps the code in pages for readers equal to the files that it is from; with --check it only compares.
// Usage: node tools/docs/snippets.ts [--check]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillIn } from './snippet.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const check = process.argv.includes('--check');
const guides = [
  ...readdirSync(join(root, 'docs/guides'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs/guides', name)),
  join(root, 'packages/api-client/README.md'),
];

const complaints = [];
for (const guide of guides) {
  const name = relative(root, guide);
  const before = readFileSync(guide, 'utf8');
  try {
    const after = fillIn(before, (path) => readFileSync(join(root, path), 'utf8'));
    if (after === before) continue;
    if (check) complaints.push(`${name} differs from the code: run \`node tools/docs/snippets.ts\``);
    else writeFileSync(guide, after);
  } catch (error) {
    complaints.push(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
for (const complaint of complaints) console.error(complaint);
if (complaints.length === 0) console.log(`${guides.length} pages say what the code says`);
process.exitCode = complaints.length === 0 ? 0 : 1;
