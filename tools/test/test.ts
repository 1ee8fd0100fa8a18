// @ts-check
// npm test: everything that can be checked without Docker. npm test -- posts: one workspace's tests alone.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SCHEMA_OWNERS, SERVICE_NAMES } from '../../infra/services.ts';
import { startTestServers } from './test-servers.ts';
import { Failure, Interrupted } from '../lib/failure.ts';
import { ensurePrograms } from '../servers/install-programs.ts';
import { Progress, seconds } from '../lib/progress.ts';
import { run } from '../lib/run.ts';
import { ROOT as root } from '../lib/root.ts';
import { stopSignal } from '../lib/stop-signal.ts';
import { compile, installDependencies, isInstalled } from '../lib/toolchain.ts';

const JOURNEYS = 'tests';
const TOOLS = 'tools';
/** Where the tests of the suite of tools are: `*.test.ts`, run by Node itself. */
const TOOL_FOLDERS = ['tools', 'infra', 'tests/system'];
/** Suites without servers first: what is quick to fail fails first. */
const SUITES = [
  'packages/config',
  'packages/contracts',
  'packages/core',
  'packages/observability',
  'packages/database',
  'packages/redis',
  'packages/messaging',
  'packages/auth',
  'packages/cache',
  'packages/queue',
  'packages/rate-limit',
  'packages/service',
  'packages/testing',
  'packages/api-client',
  ...SERVICE_NAMES.map((name) => `apps/${name}`),
  'docs/examples',
  TOOLS,
];
const MIGRATIONS = 'migrations';
/** Where the architecture rules hold. */
const CRUISED = ['apps', 'packages', 'docs/examples'];
/** Suites side by side: each has servers of its own, and the machine has to carry them. */
const LANES = 2;

/** @typedef {{ name: string, ok: boolean, note: string, ms: number, output?: string }} Result */

const progress = new Progress();
const signal = stopSignal();

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = error.exitCode;
  else {
    if (error instanceof Failure && error.details) progress.log(error.details);
    progress.log(progress.colour.red(error instanceof Failure ? error.message : String(error)));
    process.exitCode = 1;
  }
}
process.exit();

/** @param {string[]} names */
async function main(names) {
  const since = Date.now();
  const only = names.filter((name) => name !== MIGRATIONS).map(workspaceOf);
  if (!isInstalled()) await progress.step('Dependencies', () => installDependencies({ signal }));
  await progress.step('Server programs', () =>
    ensurePrograms(['postgres', 'redis', 'nats', 'nginx'], { log: progress.log, signal }),
  );

  /** @type {Result[]} */
  const results = [await check('types', () => compile({ signal }))];
  const compiled = results.every(({ ok }) => ok);
  const all = names.length === 0;
  if (all) {
    const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);
    results.push(await check('lint', () => tool(bin('oxlint'), ['--deny-warnings'])));
    results.push(await check('supply chain', () => tool(process.execPath, ['tools/supply-chain/check.ts'])));
    if (compiled) {
      results.push(
        await check('architecture', () =>
          tool(bin('depcruise'), ['--config', '.dependency-cruiser.cjs', ...CRUISED]),
        ),
      );
      results.push(await check('sync', () => tool(process.execPath, ['tools/sync/sync.ts', '--check'])));
      results.push(await check('links', () => tool(process.execPath, ['tools/docs/links.ts'])));
    }
  }
  if (compiled) {
    if (all || names.includes(MIGRATIONS)) results.push(await check(MIGRATIONS, drift));
    const wanted = all ? [...SUITES, JOURNEYS] : only;
    await inLanes(
      wanted
        .filter((suite) => suite !== JOURNEYS)
        .map((suite) => async () => results.push(await check(suite, () => testsOf(suite)))),
    );
    // The journeys start the whole system: they have the machine for themselves.
    if (wanted.includes(JOURNEYS)) results.push(await check(JOURNEYS, () => jest(JOURNEYS)));
  }
  report(results, Date.now() - since);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

/** @param {string} name */
function workspaceOf(name) {
  const all = [...SUITES, JOURNEYS];
  // `auth` is the app, and `packages/auth` the package of that name.
  const isCalled = (suite: string) => suite === name || suite === `apps/${name}`;
  const found = all.find(isCalled) ?? all.find((suite) => basename(suite) === name);
  if (!found)
    throw new Failure(
      `There are no tests of "${name}": choose from ${[...SUITES, JOURNEYS].map((suite) => basename(suite)).join(', ')}.`,
    );
  return found;
}

/**
 * @param {string} name
 * @param {() => Promise<string | void>} work  returns a word on what it found
 * @returns {Promise<Result>}
 */
async function check(name, work) {
  const since = Date.now();
  try {
    const note = (await progress.step(name, work)) ?? '';
    return { name, ok: true, note, ms: Date.now() - since };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const output = error instanceof Failure ? `${error.message}\n${error.details ?? ''}` : String(error);
    progress.log(output);
    const { note = 'failed' } = /** @type {{ note?: string }} */ (error);
    return { name, ok: false, note, ms: Date.now() - since };
  }
}

/** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
async function tool(command, args, env = process.env) {
  const { code, output } = await run(command, args, { cwd: root, env, signal, allowFailure: true });
  if (code !== 0) throw new Failure(`${basename(command)} found something:`, { details: output.trimEnd() });
}

/** @param {string} suite */
function testsOf(suite) {
  return suite === TOOLS ? nodeTests(suite) : jest(suite);
}

/** What runs before anything is installed is tested with what Node brings. @param {string} suite */
async function nodeTests(suite) {
  const files = TOOL_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
      .map((file) => join(root, folder, file)),
  );
  const { code, output } = await run(process.execPath, ['--test', '--test-reporter=spec', ...files], {
    signal,
    allowFailure: true,
  });
  const count = (/** @type {string} */ word) =>
    Number(new RegExp(` ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const note = code === 0 ? `${count('pass')} passed` : `${count('fail')} failed, ${count('pass')} passed`;
  if (code !== 0)
    throw Object.assign(new Failure(`${suite}: ${note}`, { details: output.trimEnd() }), { note });
  return note;
}

/** @param {string} suite */
async function jest(suite) {
  const cwd = join(root, suite);
  const bin = join(cwd, 'node_modules/jest/bin/jest.js');
  if (!existsSync(bin)) throw new Failure(`${suite} has no jest: is everything installed?`);
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', bin];
  const { code, output } = await run(process.execPath, args, { cwd, signal, allowFailure: true });
  const note = /^Tests:\s+(.*), \d+ total$/m.exec(output)?.[1] ?? 'no test ran';
  if (code !== 0 || note === 'no test ran') {
    throw Object.assign(new Failure(`${suite}: ${note}`, { details: output.trimEnd() }), { note });
  }
  return note;
}

/** Whether the entities of each service ask for what no migration does. */
async function drift() {
  const servers = await startTestServers();
  try {
    const env = { ...process.env, ...servers.env };
    const migrate = async (/** @type {string} */ service) => {
      for (const command of ['up', 'check', 'down', 'up']) {
        await tool(process.execPath, [join('apps', service, 'dist/src/database/migrate.js'), command], env);
      }
    };
    await Promise.all(SCHEMA_OWNERS.map(migrate));
  } finally {
    await servers.stop();
  }
}

/** @param {(() => Promise<unknown>)[]} jobs */
async function inLanes(jobs) {
  const waiting = [...jobs];
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (let job = waiting.shift(); job; job = waiting.shift()) await job();
    }),
  );
}

/** @param {Result[]} results @param {number} ms */
function report(results, ms) {
  const { green, red, dim } = progress.colour;
  const width = Math.max(...results.map(({ name }) => name.length));
  progress.log();
  for (const { name, ok, note, ms: took } of results) {
    progress.log(
      `  ${ok ? green('✓') : red('✗')} ${name.padEnd(width)}  ${note.padEnd(28)} ${dim(seconds(took))}`,
    );
  }
  const failed = results.filter(({ ok }) => !ok).length;
  progress.log();
  progress.log(
    failed === 0
      ? green(`All ${results.length} checks passed in ${seconds(ms)}.`)
      : red(`${failed} of ${results.length} checks failed, in ${seconds(ms)}.`),
  );
}
