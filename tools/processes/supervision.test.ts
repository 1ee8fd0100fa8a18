// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Failure } from '../lib/failure.ts';
import { identityOf } from './process-identity.ts';
import { Supervisor } from './supervisor.ts';
import { waitUntil } from '../lib/wait.ts';

const dirs = /** @type {string[]} */ ([]);
after(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

describe('Supervisor', () => {
  it('starts a process again that was killed, and says so', async () => {
    const { supervisor, said, start } = await setup();
    const app = await start('setInterval(() => undefined, 1000)');
    const first = app.pid;

    app.send('SIGKILL');

    await until(() => said.some((sentence) => sentence.includes('up again')));
    assert.notEqual(app.pid, first);
    assert.match(said[0], /app was ended by SIGKILL; starting it again in 0\.5 s/);
    await supervisor.stop();
  });

  it('ends a process that hangs, and starts it again', async () => {
    const { said, supervisor, start } = await setup();
    let alive = true;
    const app = await start('setInterval(() => undefined, 1000)', undefined, async () => alive);
    const first = app.pid;

    alive = false;
    await until(() => said.some((sentence) => sentence.includes('does not answer any more')));
    alive = true;

    await until(() => said.some((sentence) => sentence.includes('up again')));
    assert.notEqual(app.pid, first);
    await supervisor.stop();
  });

  it('fails a start with the last words of the process', async () => {
    const { supervisor, start } = await setup();

    const failure = await start('console.error("no database"); process.exit(3)', async () => false).catch(
      (error) => error,
    );

    assert.ok(failure instanceof Failure);
    assert.match(failure.message, /app could not start: it ended with code 3/);
    assert.equal(failure.details, 'no database');
    await supervisor.stop();
  });

  it('kills what does not stop in time, and leaves no child of it behind', async () => {
    const { dir, supervisor, start } = await setup();
    const app = await start(
      `
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
      process.on('SIGTERM', () => undefined);
      writeFileSync(${JSON.stringify(join(dir, 'child'))}, String(child.pid));
    `,
      async () => existsSync(join(dir, 'child')),
    );
    const child = Number(readFileSync(join(dir, 'child'), 'utf8'));

    await app.stop({ limitMs: 200 });

    await until(() => identityOf(child) === null);
    await supervisor.stop();
  });

  it('refuses a second run in the same directory', async () => {
    const { dir, supervisor } = await setup();

    const second = await runner(dir);

    await until(() => second.output().includes('running already'));
    await supervisor.stop();
  });

  it('ends everything when the runner is killed', async () => {
    const dir = newDir();
    const killed = await runner(dir);
    await until(() => killed.output().includes('started'));
    const { pid } = JSON.parse(readFileSync(join(dir, 'pids/app.json'), 'utf8'));
    assert.notEqual(identityOf(pid), null);

    killed.process.kill('SIGKILL');

    await until(() => identityOf(pid) === null && readdirSync(join(dir, 'pids')).length === 0);
  });

  it('ends no process that only bears the number of an old one', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const dir = newDir();
    const first = await Supervisor.open(dir);
    await first.stop();
    const runnerThatDied = { pid: 1, identity: 'another time' };
    const note = {
      name: 'app',
      pid: bystander.pid,
      identity: 'another time',
      stage: 2,
      stopSignal: 'SIGTERM',
    };
    writeFileSync(join(dir, 'pids/app.json'), JSON.stringify({ ...note, runner: runnerThatDied }));

    const second = await Supervisor.open(dir);

    assert.notEqual(identityOf(/** @type {number} */ (bystander.pid)), null);
    assert.ok(!existsSync(join(dir, 'pids/app.json')));
    bystander.kill('SIGKILL');
    await second.stop();
  });
});

function newDir() {
  const dir = mkdtempSync(join(tmpdir(), 'supervision-'));
  dirs.push(dir);
  return dir;
}

async function setup() {
  const dir = newDir();
  const said = /** @type {string[]} */ ([]);
  const supervisor = await Supervisor.open(dir, { say: (sentence) => said.push(sentence) });
  const start = (/** @type {string} */ code, isReady = async () => true, isAlive = isReady) =>
    supervisor.start({
      ...{ name: 'app', stage: /** @type {const} */ ('app'), command: process.execPath },
      ...{ args: ['--input-type=module', '-e', code], isReady, isAlive, startLimitMs: 10_000 },
    });
  return { dir, supervisor, said, start };
}

/** Another process that runs things in `dir`. @param {string} dir */
async function runner(dir) {
  const code = `
    import { Supervisor } from ${JSON.stringify(String(pathToFileURL(join(import.meta.dirname, 'supervisor.ts'))))};
    const supervisor = await Supervisor.open(${JSON.stringify(dir)});
    const args = ['-e', 'setInterval(() => undefined, 1000)'];
    await supervisor.start({ name: 'app', stage: 'app', command: process.execPath, args, isReady: async () => true });
    console.log('started');
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { process: child, output: () => output };
}

/** @param {() => boolean} condition */
const until = (condition) => waitUntil(condition, { limitMs: 10_000, otherwise: 'It did not come to that.' });
