// The commands of the README and the docs in a fresh clone: npm start, the tour, commands of operators, Ctrl-C.
// Usage: node tests/system/readme.ts
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { SCHEMA_OWNERS, SERVICES } from '../../infra/services.ts';
import { poll } from '../../tools/lib/poll.ts';
import { Clone } from './clone.ts';
import { tour } from './tour.ts';

const LOGS_TIMEOUT_MS = 10_000;
const COMMANDS = [
  'users create-first-superuser',
  'users create-first-tier',
  'users grant-superuser admin',
  ...SCHEMA_OWNERS.flatMap((app) => [`${app} migrate status`, `${app} migrate check`]),
  'users migrate generate create-comments',
  'auth rotate-keys',
  'auth purge',
  ...SCHEMA_OWNERS.filter((app) => SERVICES[app].subscribes.length > 0).map((app) => `${app} replay`),
];

const clone = new Clone('fresh-clone');
try {
  const system = await clone.start('start');
  tour(system.gateway, clone.folder);
  for (const command of COMMANDS) clone.npm('app', ...command.split(' '));
  clone.step('node', 'infra/rights/check.ts');
  await showsLogs();
  clone.test('config');
  await system.stop();
  assert.equal(processesOf(clone.folder), '', 'processes run after the stop');
} finally {
  clone.remove();
}

/** `npm run logs` follows the log, so it is stopped when it has shown a request of the tour. */
async function showsLogs(): Promise<void> {
  const command = ['run', '--silent', 'logs', '--', 'users'];
  const logs = spawn('npm', command, { cwd: clone.folder, detached: true });
  let output = '';
  logs.stdout.on('data', (chunk) => (output += chunk));
  await poll(() => output.includes('/api/v1/user/me'), {
    message: 'npm run logs -- users does not show its requests.',
    timeoutMs: LOGS_TIMEOUT_MS,
  }).finally(() => logs.pid && process.kill(-logs.pid, 'SIGINT'));
}

/** Processes whose command line or working directory is in a folder: apps are started with a relative path. */
function processesOf(folder: string): string {
  const byCommand = spawnSync('pgrep', ['--full', '--list-full', folder], { encoding: 'utf8' });
  const inFolder = ['-maxdepth', '2', '-name', 'cwd', '-lname', `${folder}*`, '-printf', '%p %l\\n'];
  const byDirectory = spawnSync('find', ['/proc', ...inFolder], { encoding: 'utf8' });
  return byCommand.stdout + byDirectory.stdout;
}
