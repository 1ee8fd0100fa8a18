// Runs every check, one after another, each with a time limit, and counts.
import { spawnSync } from 'node:child_process';
import { Failure } from '../../tools/lib/failure.ts';
import { seconds } from '../../tools/lib/progress.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { run } from '../../tools/lib/run.ts';

interface Check {
  name: string;
  command: [program: string, ...args: string[]];
  minutes: number;
}

const node = process.execPath;
const checks: Check[] = [
  {
    name: 'npm test: types, lint, architecture, derived files, unit and service tests, journeys',
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
  // #region only with posts, jobs
  { name: 'no unused file, export or dependency', command: ['npm', 'run', '-s', 'knip'], minutes: 2 },
  {
    name: 'security: attacks on the whole system',
    command: ['npm', 'run', '-s', 'security', '--', '--quick'],
    minutes: 6,
  },
  // #endregion
  {
    name: 'without cache, rate limits, worker and jobs',
    command: [node, '--test', 'tests/system/disabled-features.ts'],
    minutes: 5,
  },
  {
    name: 'a fresh clone: npm start, the tour of the README, Ctrl-C',
    command: [node, 'tests/system/readme.ts', 'start'],
    minutes: 10,
  },
  {
    name: 'pages in a browser: documentation in each environment, login, "Try it out", the dashboard of the queues',
    command: [node, '--test', 'tests/system/pages.ts'],
    minutes: 8,
  },
  { name: 'the API breaks no client', command: [node, 'tools/openapi/breaking.ts'], minutes: 1 },
  // #region only with posts, jobs
  {
    name: 'extending: a feature and a service are generated, checked, tested, called, and removed without a trace',
    command: [node, 'tests/system/extend.ts'],
    minutes: 15,
  },
  {
    name: 'quickstart: a clone, a running system, a generated feature that serves requests',
    command: [node, 'tests/system/quickstart.ts'],
    minutes: 8,
  },
  {
    name: 'without posts, and without jobs and its worker: the rest passes its tests and starts',
    command: [node, 'tests/system/removed.ts'],
    minutes: 25,
  },
  // #endregion
  {
    name: 'docker compose: images, replicas, rollouts, rollbacks, restarts, the guide to production',
    command: [node, 'tests/system/compose.ts'],
    minutes: 30,
  },
];

const counts = { passed: 0, failed: 0 };
for (const check of checks) {
  if (check.command.includes('tests/system/compose.ts') && !isDockerAvailable()) {
    console.log(`\n=== skipped, because Docker is not available: ${check.name}`);
    continue;
  }
  const since = Date.now();
  console.log(`\n=== ${check.name}`);
  const outcome = (await passes(check)) ? 'passed' : 'failed';
  counts[outcome] += 1;
  console.log(`=== ${outcome} after ${seconds(Date.now() - since)}: ${check.name}`);
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** A check that cannot run fails. */
async function passes({ command: [program, ...args], minutes }: Check): Promise<boolean> {
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

function isDockerAvailable(): boolean {
  return [['compose', 'version'], ['info']].every(
    (args) => spawnSync('docker', args, { stdio: 'ignore', timeout: 20_000 }).status === 0,
  );
}
