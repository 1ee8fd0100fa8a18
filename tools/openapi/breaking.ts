// @ts-check
// Whether the API document breaks clients of the last committed one. What is meant to break says so: a commit whose
// type ends in "!", as in "feat(posts)!: …".
// Usage: node tools/openapi/breaking.ts [<base>]     the commit to compare with
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { breakingChanges } from './compare.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = 'packages/contracts/openapi.json';

const text = readFileSync(`${root}${DOCUMENT}`, 'utf8');
const base = process.argv[2] ?? (git('show', `HEAD:${DOCUMENT}`) === text ? 'HEAD~1' : 'HEAD');
const last = git('show', `${base}:${DOCUMENT}`);
if (!last) console.log(`There is no API document in ${base} to compare with.`);
else {
  const sentences = breakingChanges(JSON.parse(last), JSON.parse(text));
  const meant = /^\w+(\(.*\))?!:/m.test(git('log', '--format=%s', `${base}..HEAD`));
  for (const sentence of sentences) console.log(sentence);
  if (sentences.length === 0) console.log(`Clients of the API of ${base} need not change.`);
  else if (meant) console.log('A commit says with its "!" that this is meant.');
  else {
    console.error('This breaks clients. If it has to be, say so in the commit: "feat(posts)!: …".');
    process.exitCode = 1;
  }
}

/** @param {string[]} args */
function git(...args) {
  const { stdout, status } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? stdout : '';
}
