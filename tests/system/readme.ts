// @ts-check
// The tour of the README as a reader would paste it.
// Usage: node tests/system/readme.ts start     in a fresh clone: npm start, the tour, Ctrl-C
//        node tests/system/readme.ts tour      against what runs at GATEWAY_URL (http://localhost:8000)
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_OWNERS, SERVICES } from '../../infra/services.ts';
import { Clone, root } from './clone.ts';

const MARK = '--- answer ---';

if (process.argv[2] === 'tour') tour(process.env.GATEWAY_URL ?? 'http://localhost:8000');
else if (process.argv[2] === 'start') await freshClone();
else throw new Error('Usage: node tests/system/readme.ts start | tour');

async function freshClone() {
  const clone = new Clone('fresh-clone');
  try {
    const system = await clone.start('start');
    tour(system.gateway);
    await operatorCommands(clone.folder);
    await system.stop();
    const left = processesIn(clone.folder);
    if (left.length > 0) throw new Error(`Still running after the stop:\n${left.join('\n')}`);
  } finally {
    clone.remove();
  }
}

/** Processes that work in a folder or name it; apps are started with a relative path. @param {string} folder */
function processesIn(folder) {
  const look = (/** @type {() => string} */ read) => {
    try {
      return read();
    } catch {
      return ''; // gone, or not ours to look at
    }
  };
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .map((pid) => {
      const cwd = look(() => readlinkSync(`/proc/${pid}/cwd`));
      const command = look(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
      return cwd.startsWith(folder) || command.includes(folder) ? `${pid} ${command}` : '';
    })
    .filter(Boolean);
}

/** What the README's table of commands promises, against the stack that runs. @param {string} folder */
async function operatorCommands(folder) {
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
  for (const command of commands) run('npm', ['run', '--silent', 'app', '--', ...command.split(' ')], folder);
  run(process.execPath, ['infra/rights/check.ts'], folder);
  await showsLogs(folder);
  run('npm', ['test', '--', 'config'], folder);
  console.log(
    `${commands.length} commands of operators, the rights of each service, npm run logs and npm test -- config work`,
  );
}

/** `npm run logs -- users` follows: it is ended once the tour's requests were seen. @param {string} folder */
async function showsLogs(folder) {
  const logs = spawn('npm', ['run', '--silent', 'logs', '--', 'users'], { cwd: folder, detached: true });
  let output = '';
  const seen = new Promise((resolve) => {
    logs.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('/api/v1/user/me')) resolve('seen');
    });
  });
  const outcome = await Promise.race([seen, pause(10_000)]);
  process.kill(-(/** @type {number} */ (logs.pid)), 'SIGINT');
  if (!outcome) throw new Error(`npm run logs -- users does not show its requests:\n${output}`);
}

/** Runs all console blocks of the README in one shell and compares each answer. @param {string} gateway */
function tour(gateway) {
  const steps = readSteps(readFileSync(join(root, 'README.md'), 'utf8'));
  const script = steps.map(({ command }) => `${command}\necho\necho '${MARK}'`).join('\n');
  const { stdout, status } = spawnSync(
    'bash',
    ['-c', script.replaceAll('localhost:8000', gateway.replace('http://', ''))],
    {
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  if (status !== 0) throw new Error(`The tour ended with status ${status}:\n${stdout}`);
  const answers = stdout.split(`${MARK}\n`);
  const wrong = steps.flatMap(({ command, expected }, index) => {
    const answer = (answers[index] ?? '').trim();
    return pattern(expected).test(answer)
      ? []
      : [`$ ${command}\n  the README says: ${expected}\n  it answered:     ${answer}`];
  });
  if (wrong.length > 0)
    throw new Error(`${wrong.length} of ${steps.length} commands of the tour:\n${wrong.join('\n')}`);
  console.log(`${steps.length} commands of the tour answered what the README says`);
}

/** @param {string} markdown */
function readSteps(markdown) {
  const lines = [...markdown.matchAll(/^```console\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.trimEnd().split('\n'),
  );
  /** @type {{ command: string, expected: string }[]} */
  const steps = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: '' });
    else steps.at(-1).expected += line;
  }
  return steps;
}

/** `…` stands for whatever differs each time. @param {string} expected */
function pattern(expected) {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+?')}$`, 's');
}

/** @param {string} program @param {string[]} args @param {string} cwd */
function run(program, args, cwd) {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
}

/** @param {number} ms @returns {Promise<undefined>} */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
