// @ts-check
// Runs every check one after the other, each with a time limit, and counts. A check that cannot run has failed.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = process.execPath;

/** @typedef {{ name: string, command: string[], minutes: number }} Check */

/** @type {Check[]} */
const checks = [
  {
    name: 'npm test: types, lint, architecture, drift, unit and service tests, journeys',
    command: ['npm', 'test'],
    minutes: 30,
  },
  // #region only with posts, jobs
  {
    name: 'resilience: nothing acknowledged is lost while processes and servers fail',
    command: ['npm', 'run', '-s', 'resilience', '--', '--quick'],
    minutes: 10,
  },
  // #endregion
  { name: 'the gateway by itself', command: [node, '--test', 'nginx/*.test.ts'], minutes: 3 },
  // #region only with posts, jobs
  {
    name: 'security: attacks on the whole system',
    command: ['npm', 'run', 'security', '--', '--quick'],
    minutes: 6,
  },
  // #endregion
  {
    name: 'what a system may do without: cache, limits, worker, jobs',
    command: [node, '--test', 'tests/system/opt-outs.ts'],
    minutes: 5,
  },
  {
    name: 'a fresh clone: npm start, the tour of the README, a clean stop',
    command: [node, 'tests/system/readme.ts', 'start'],
    minutes: 10,
  },
  {
    name: 'the pages in a browser: documentation in each environment, login, try it; the dashboard of the queues',
    command: [node, '--test', 'tests/system/pages.ts'],
    minutes: 8,
  },
  { name: 'the API breaks no client', command: [node, 'tools/openapi/breaking.ts'], minutes: 1 },
  // #region only with posts, jobs
  {
    name: 'extending it: generate a feature and a service, check, test and call them, remove them without a trace',
    command: [node, 'tests/system/extend.ts'],
    minutes: 15,
  },
  {
    name: 'the path of somebody new: a clone, a running system, a generated feature that is served',
    command: [node, 'tests/system/quickstart.ts'],
    minutes: 8,
  },
  {
    name: 'without posts, and without jobs and its worker: what is left passes its tests and starts',
    command: [node, 'tests/system/removed.ts'],
    minutes: 15,
  },
  // #endregion
  ...(dockerIsThere()
    ? [
        {
          name: 'docker compose: the stack, its parts scaled, rolled out, killed and restarted, the guide to production',
          command: [node, 'tests/system/compose.ts'],
          minutes: 30,
        },
      ]
    : []),
];

let passed = 0;
let failed = 0;
for (const check of checks) {
  const startedAt = Date.now();
  console.log(`\n=== ${check.name}`);
  const ok = await run(check);
  if (ok) passed++;
  else failed++;
  console.log(
    `=== ${ok ? 'passed' : 'FAILED'} after ${Math.round((Date.now() - startedAt) / 1000)} s: ${check.name}`,
  );
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** @param {Check} check */
function run({ command: [program = '', ...args], minutes }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const timer = setTimeout(() => {
      console.log(`The time limit of ${minutes} minutes is over.`);
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    }, minutes * 60_000);
    child.on('error', (error) => {
      console.log(error.message);
      resolve(false);
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

function dockerIsThere() {
  const answers = (/** @type {string[]} */ ...args) =>
    spawnSync('docker', args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
  return answers('compose', 'version') && answers('info');
}
