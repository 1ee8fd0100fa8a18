// Runs every check, one after another, each with a time limit, and counts.
import { spawnSync } from 'node:child_process';
import { Failure } from '../../tools/lib/failure.ts';
import { seconds } from '../../tools/lib/progress.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { run } from '../../tools/lib/run.ts';
import { isDockerAvailable } from './compose/available.ts';

type Check = [name: string, command: string, minutes: number];

const COMPOSE = 'node --test tests/system/compose.ts';
const API_DOCUMENT = 'node --test tests/system/api-document.ts';
const CHECKS: Check[] = [
  ['types, lint, architecture, derived files, unit and service tests, journeys', 'npm test', 30],
  // #region only with posts, jobs
  ['resilience: nothing acknowledged is lost in failures', 'npm run -s resilience -- --quick', 10],
  // #endregion
  // #region only with posts, jobs
  ['no unused file, export or dependency', 'npm test -- knip', 2],
  ['security: attacks on the whole system', 'npm run -s security -- --quick', 6],
  ['the hot paths are within their budget', 'npm run -s bench -- hot-paths --budget check', 5],
  // #endregion
  ['without cache, rate limits, worker and jobs', 'node --test tests/system/disabled-features.ts', 5],
  ['with managed servers, over TLS', 'node --test tests/system/managed-servers.ts', 6],
  ['behind PgBouncer in transaction mode', 'node --test tests/system/pgbouncer.ts', 5],
  ['a fresh clone: npm start, the commands of the README', 'node tests/system/readme.ts', 10],
  ['the examples of front ends', 'node --test tests/system/front-ends.ts', 5],
  ['the pages in a browser', 'node --test tests/system/pages.ts', 8],
  ['the API breaks no client', 'node tools/openapi/breaking.ts', 1],
  // #region only with posts, jobs
  ['linters and generators of clients take the API document', API_DOCUMENT, 10],
  ['a feature, a service and more are generated, tested and removed', 'node tests/system/extend.ts', 15],
  ['the quickstart: npm run dev, and a generated feature', 'node tests/system/quickstart.ts', 8],
  ['without posts, and without jobs and its worker', 'node tests/system/removed.ts', 25],
  // #endregion
  ['Docker Compose: replicas, rollouts, rollbacks, restarts, the guide to production', COMPOSE, 30],
];

/** Why a check cannot run on this machine; undefined when it can. */
function missingFor(command: string): string | undefined {
  if (command === COMPOSE && !isDockerAvailable()) return 'Docker';
  if (command === API_DOCUMENT && spawnSync('python3', ['-m', 'venv', '--help']).status !== 0)
    return 'Python';
  return undefined;
}

const counts = { passed: 0, failed: 0 };
for (const check of CHECKS) {
  const [name, command] = check;
  const missing = missingFor(command);
  if (missing) {
    console.log(`\n=== skipped, because ${missing} is not available: ${name}`);
    continue;
  }
  const since = Date.now();
  console.log(`\n=== ${name}`);
  const result = (await passes(check)) ? 'passed' : 'failed';
  counts[result] += 1;
  console.log(`=== ${result} after ${seconds(Date.now() - since)}: ${name}`);
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** A check that cannot run fails. */
async function passes([, command, minutes]: Check): Promise<boolean> {
  const [program = '', ...args] = command.split(' ');
  const signal = AbortSignal.timeout(minutes * 60_000);
  const onOutput = (chunk: string) => process.stdout.write(chunk);
  try {
    await run(program, args, { cwd: ROOT, signal, onOutput });
    return true;
  } catch (error) {
    console.log(error instanceof Failure ? error.message : `The time limit of ${minutes} minutes is over.`);
    return false;
  }
}
