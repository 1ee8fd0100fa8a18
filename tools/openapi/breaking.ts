// Fails when the API document breaks clients of the last committed one, unless a commit declares a breaking change with
// an "!" after its type: "feat(users)!: …".
// Usage: node tools/openapi/breaking.ts [<base>]     the commit to compare with
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/root.ts';
import { breakingChanges } from './compare.ts';

const DOCUMENT = 'packages/contracts/openapi.json';

const text = readFileSync(join(ROOT, DOCUMENT), 'utf8');
const base = process.argv[2] ?? (git('show', `HEAD:${DOCUMENT}`) === text ? 'HEAD~1' : 'HEAD');
const last = git('show', `${base}:${DOCUMENT}`);
const sentences = last ? breakingChanges(JSON.parse(last), JSON.parse(text)) : [];
for (const sentence of sentences) console.log(sentence);
if (!git('rev-parse', '--verify', `${base}^{commit}`))
  throw new Error(`There is no commit "${base}" to compare with.`);
if (!last) console.log(`There was no API document in ${base}.`);
else if (sentences.length === 0) console.log(`Clients of the API of ${base} need no change.`);
else if (/^\w+(\(.*\))?!:/m.test(git('log', '--format=%s', `${base}..HEAD`)))
  console.log('A commit declares this as a breaking change.');
else {
  console.error('This breaks clients. If it must, declare it in the commit: "feat(users)!: …".');
  process.exitCode = 1;
}

function git(...args: string[]): string {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout, status } = spawnSync('git', args, options);
  return status === 0 ? stdout : '';
}
