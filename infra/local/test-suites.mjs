// @ts-check
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Failure } from './failure.mjs';
import { run } from './run.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name  of its folder
 * @property {string} dir
 * @property {boolean} alone  needs the machine to itself
 * @property {boolean} jest  else Node's own runner
 */

/**
 * The workspaces that have tests, those with the most to do first.
 *
 * @param {string} root
 * @param {string[]} names  empty: all
 */
export function findSuites(root, names) {
  const dirs = [
    ...['packages', 'apps'].flatMap((group) =>
      readdirSync(join(root, group)).map((name) => join(root, group, name)),
    ),
    join(root, 'e2e'),
  ];
  /** @type {Suite[]} */
  const all = [
    ...dirs
      .filter((dir) => existsSync(join(dir, 'jest.config.js')))
      .map((dir) => ({ name: basename(dir), dir, alone: basename(dir) === 'e2e', jest: true })),
    { name: 'infra', dir: join(root, 'infra'), alone: false, jest: false },
  ].sort((a, b) => filesOf(b) - filesOf(a));
  const bare = names.map((name) => name.replace(/^@repo\//, ''));
  return {
    suites: bare.length === 0 ? all : all.filter(({ name }) => bare.includes(name)),
    unknown: bare.filter((name) => !all.some((suite) => suite.name === name)),
    available: all.map(({ name }) => name),
  };
}

/**
 * Runs one suite; what it says is kept for when it fails.
 *
 * @param {Suite} suite
 * @param {{ signal: AbortSignal }} options
 * @returns {Promise<string>} how many tests there were
 */
export async function runSuite(suite, { signal }) {
  const scratch = mkdtempSync(join(tmpdir(), 'suite-'));
  try {
    const report = join(scratch, 'report.json');
    const args = suite.jest
      ? [
          '--experimental-vm-modules',
          '--disable-warning=ExperimentalWarning',
          join(suite.dir, 'node_modules/jest/bin/jest.js'),
          ...['--json', `--outputFile=${report}`],
        ]
      : ['--test', ...testFiles(suite.dir).map((file) => join(suite.dir, file))];
    const { code, output } = await run(process.execPath, args, {
      cwd: suite.dir,
      signal,
      allowFailure: true,
    });
    const { total, failed } = suite.jest ? fromJest(report) : fromNode(output);
    if (code === 0 && total > 0) return `${total} tests`;
    throw new Failure(failed > 0 ? `${failed} of ${total} tests failed` : 'the suite could not run', {
      details: readable(output),
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {string} report */
function fromJest(report) {
  if (!existsSync(report)) return { total: 0, failed: 0 };
  const { numTotalTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
  return { total: numTotalTests, failed: numFailedTests };
}

/** @param {string} output */
function fromNode(output) {
  const count = (/** @type {string} */ word) =>
    Number(new RegExp(`^\\S+ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return { total: count('tests'), failed: count('fail') };
}

/** Jest names its report among the lines for people. @param {string} output */
const readable = (output) => output.replace(/^Test results written to: .*$/m, '');

/** @param {Suite} suite */
function filesOf({ dir, jest }) {
  return jest && existsSync(join(dir, 'dist'))
    ? readdirSync(join(dir, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.spec.js'),
      ).length
    : 0;
}

/** @param {string} dir */
function testFiles(dir) {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.test.mjs') && !file.includes('node_modules'),
  );
}
