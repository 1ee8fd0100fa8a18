// @ts-check
// npm run bench -- <name>: measures one thing, and prints a table. Without a name: what there is to measure.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../tools/lib/failure.ts';
import { compile } from '../tools/lib/toolchain.ts';
import { formatTable } from './support/table.ts';

const root = join(import.meta.dirname, '..');
const SUFFIX = '.bench.ts';

/**
 * What a benchmark exports.
 *
 * @typedef {object} Benchmark
 * @property {string} about  one sentence: what is compared
 * @property {(context: { root: string, dir: string }) => Promise<Record<string, string | number>[]>} run
 *   `dir` is its own for as long as it runs; what it answers are the rows of the table
 */

try {
  await main(process.argv[2]);
} catch (error) {
  console.error(error instanceof Failure ? `${error.message}\n${error.details ?? ''}`.trim() : error);
  process.exitCode = 1;
}
process.exit();

/** @param {string | undefined} name */
async function main(name) {
  const names = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  if (!name) return list(names);
  if (!names.includes(name))
    throw new Failure(`There is no benchmark "${name}": choose from ${names.join(', ')}.`);

  await compile(root);
  const { about, run } = await load(name);
  console.log(`${name}: ${about}\n`);
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    console.log(formatTable(await run({ root, dir })));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {string[]} names */
async function list(names) {
  await compile(root);
  const rows = await Promise.all(names.map(async (name) => ({ name, compares: (await load(name)).about })));
  console.log(formatTable(rows));
}

/** @param {string} name @returns {Promise<Benchmark>} */
function load(name) {
  return import(`./${name}${SUFFIX}`);
}
