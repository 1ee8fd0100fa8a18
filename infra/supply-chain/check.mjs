// @ts-check
// What is installed comes from where it should, as it was published, and under a licence that lets us use it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm, root } from './pnpm.mjs';
import { unpinned, unusable } from './rules.mjs';

const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
const licences = JSON.parse(pnpm('licenses', 'list', '--json'));
const faults = [...unpinned(lockfile), ...unusable(licences)];
for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log('Every package has a digest and a licence that is listed.');
process.exitCode = faults.length === 0 ? 0 : 1;
