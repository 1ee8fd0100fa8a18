// The commands of the README, as a reader runs them.
//   node tests/system/readme.ts start    in a fresh clone: npm start, the tour, commands of operators, Ctrl-C
//   node tests/system/readme.ts tour     the tour, at GATEWAY_URL (http://localhost:8000)
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_OWNERS, SERVICES } from '../../infra/services.ts';
import { poll } from '../../tools/lib/poll.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { Clone } from './clone.ts';

const MARK = '--- response ---';
const TOUR_TIMEOUT_MS = 60_000;
const LOGS_TIMEOUT_MS = 10_000;

interface Step {
  command: string;
  expected: string;
}

const [mode] = process.argv.slice(2);
if (mode === 'tour') tour(process.env.GATEWAY_URL ?? 'http://localhost:8000');
else if (mode === 'start') await freshClone();
else throw new Error('Usage: node tests/system/readme.ts start | tour');

async function freshClone(): Promise<void> {
  const clone = new Clone('fresh-clone');
  try {
    const system = await clone.start('start');
    tour(system.gateway);
    await operatorCommands(clone);
    await system.stop();
    const left = processesOf(clone.folder);
    if (left.length > 0) throw new Error(`Processes run after the stop:\n${left.join('\n')}`);
  } finally {
    clone.remove();
  }
}

/** Processes whose working directory or command line is in a folder: apps are started with a relative path. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const isOfFolder = readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) || command.includes(folder);
      return isOfFolder ? [`${pid} ${command}`] : [];
    } catch {
      return []; // it has ended, or belongs to another user
    }
  });
}

/** Commands that the README and the docs name. */
async function operatorCommands(clone: Clone): Promise<void> {
  const commands = [
    'users create-first-superuser',
    'users create-first-tier',
    'users grant-superuser admin',
    ...SCHEMA_OWNERS.flatMap((app) => [`${app} migrate status`, `${app} migrate check`]),
    'users migrate generate create-comments',
    'auth rotate-keys',
    'auth purge',
    ...SCHEMA_OWNERS.filter((app) => SERVICES[app].subscribes.length > 0).map((app) => `${app} replay`),
  ];
  for (const command of commands) clone.run('npm', ['run', '--silent', 'app', '--', ...command.split(' ')]);
  clone.run(process.execPath, ['infra/rights/check.ts']);
  await showsLogs(clone.folder);
  clone.run('npm', ['test', '--', 'config']);
  console.log(
    `${commands.length} commands of operators, the rights, npm run logs and npm test -- config work`,
  );
}

/** `npm run logs` follows the log, so it is stopped when it has shown a request of the tour. */
async function showsLogs(folder: string): Promise<void> {
  const logs = spawn('npm', ['run', '--silent', 'logs', '--', 'users'], { cwd: folder, detached: true });
  let output = '';
  logs.stdout.on('data', (chunk) => (output += chunk));
  await poll(() => output.includes('/api/v1/user/me'), {
    message: 'npm run logs -- users does not show its requests.',
    timeoutMs: LOGS_TIMEOUT_MS,
  }).finally(() => logs.pid && process.kill(-logs.pid, 'SIGINT'));
}

/** Runs the console blocks of the README in one shell, and compares each response. */
function tour(gateway: string): void {
  const steps = readSteps(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  const script = steps.map(({ command }) => `${command}\necho\necho '${MARK}'`).join('\n');
  const { stdout, status } = spawnSync(
    'bash',
    ['-c', script.replaceAll('localhost:8000', gateway.replace('http://', ''))],
    { encoding: 'utf8', timeout: TOUR_TIMEOUT_MS },
  );
  if (status !== 0) throw new Error(`The tour ended with status ${status}:\n${stdout}`);
  const responses = stdout.split(`${MARK}\n`).map((text) => text.trim());
  const wrong = steps.flatMap(({ command, expected }, index) =>
    matches(responses[index] ?? '', expected)
      ? []
      : [`$ ${command}\n  README:   ${expected}\n  response: ${responses[index]}`],
  );
  if (wrong.length > 0)
    throw new Error(
      `${wrong.length} of ${steps.length} commands of the tour respond otherwise:\n${wrong.join('\n')}`,
    );
  console.log(`${steps.length} commands of the tour respond as the README says`);
}

/** A line with `$` is a command, the lines below it are its response. */
function readSteps(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(/^```console\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...expected] = text.trimEnd().split('\n');
        return { command, expected: expected.join('') };
      }),
  );
}

/** `…` stands for a part that differs each time. */
function matches(response: string, expected: string): boolean {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+?')}$`, 's').test(response);
}
