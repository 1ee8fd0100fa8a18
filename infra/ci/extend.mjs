// @ts-check
// The newcomer's path, and back: in a fresh clone a feature and a service are generated, checked, tested, migrated and
// called through the gateway; then they are removed, and nothing is left of them. Last the clone gets a name of its own.
// Usage: node infra/ci/extend.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const clone = mkdtempSync(join(tmpdir(), 'extend-'));
const FIELDS = 'title:string:2..30 rating:int:1..5 spoiler:bool watched_at:datetime?';
let commands = 0;
const startedAt = Date.now();

try {
  run('git', ['clone', '--quiet', root, clone], root);
  typed('gen', 'feature', 'posts', 'review', '--fields', FIELDS);
  typed('gen', 'service', 'media');
  typed('gen', 'feature', 'media', 'picture', '--fields', 'title:string:2..30 address:url note:text?');
  typed('gen', 'job', 'mail.welcome', '--fields', 'user_id:int language:string:2..5? send_at:datetime?');
  typed('gen', 'event', 'media', 'picture.published');
  typed('gen', 'event', 'posts', 'post.archived');

  bin('tsc', '-b');
  bin('oxlint', '--deny-warnings');
  bin('oxfmt', '--check', '.');
  bin('depcruise', '--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'e2e');
  node('infra/openapi/build.mjs', '--check');
  node('infra/docs/snippets.mjs', '--check');
  node('infra/local/test.mjs', 'media', 'posts', 'worker', 'contracts', 'migrations');
  journeys('reviews', 'pictures', 'access', 'dead-letters', 'documentation', 'health');
  if (dockerIsThere()) run('docker', ['compose', 'config', '--quiet']);

  typed('remove', 'mail.welcome');
  typed('remove', 'post.archived');
  typed('remove', 'media');
  typed('remove', 'reviews');
  const left = run('git', ['status', '--porcelain']);
  if (left) throw new Error(`The generated code is removed, and this is left of it:\n${left}`);

  typed('rename', 'my-shop');
  if (run('git', ['grep', '--count', '@repo/'], clone, [0, 1]))
    throw new Error('The old scope is still named.');
  bin('oxfmt', '--check', '.');
  node('infra/local/test.mjs', 'config', 'contracts');

  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(
    `${commands} commands typed; generated, checked, tested, called, and removed without a trace in ${seconds} s`,
  );
} finally {
  rmSync(clone, { recursive: true, force: true });
}

/** What a person types. @param {string} script @param {string[]} args */
function typed(script, ...args) {
  commands++;
  step(['npm', 'run', script, ...args].join(' '), () =>
    run('npm', ['run', '--silent', script, '--', ...args]),
  );
}

/** @param {string} name @param {string[]} args */
function bin(name, ...args) {
  step(name, () => run(join(clone, 'node_modules/.bin', name), args));
}

/** @param {string[]} args */
function node(...args) {
  step(args.join(' '), () => run(process.execPath, args));
}

/** In the stack of npm start, through its gateway. @param {string[]} names */
function journeys(...names) {
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  step(`journeys: ${names.join(', ')}`, () =>
    run(process.execPath, [...jest, `/(${names.join('|')})\\.spec`], join(clone, 'e2e')),
  );
}

/** @param {string} title @param {() => unknown} work */
function step(title, work) {
  const since = Date.now();
  work();
  console.log(`${((Date.now() - since) / 1000).toFixed(1).padStart(6)} s  ${title}`);
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} [cwd]
 * @param {(number | null)[]} [good]  exit codes
 * @returns {string} what it said
 */
function run(program, args, cwd = clone, good = [0]) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (!good.includes(status))
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${error ?? stderr}`);
  return stdout;
}

function dockerIsThere() {
  return spawnSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}
