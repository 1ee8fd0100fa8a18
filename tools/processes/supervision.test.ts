import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Failure } from '../lib/failure.ts';
import { poll } from '../lib/poll.ts';
import { identityOf } from './process-identity.ts';
import { Supervisor } from './supervisor.ts';

const dirs: string[] = [];
after(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

describe('Supervisor', () => {
  it('restarts a process that was killed, and logs it', async () => {
    const { supervisor, sentences, start } = await setup();
    const app = await start('setInterval(() => undefined, 1000)');
    const first = app.pid;

    app.send('SIGKILL');

    await until(() => sentences.some((sentence) => sentence.includes('up again')));
    assert.notEqual(app.pid, first);
    assert.match(sentences[0] ?? '', /app was ended by SIGKILL; starting it again in 0\.5 s/);
    await supervisor.stop();
  });

  it('keeps starting a process that ends, and logs the reason, until the cause is gone', async () => {
    const { dir, supervisor, sentences, start } = await setup();
    const full = join(dir, 'full');
    const code = `
      import { existsSync } from 'node:fs';
      if (existsSync(${JSON.stringify(full)})) {
        console.error('10:00 PANIC:  could not write to file: No space left on device');
        process.exit(1);
      }
      setInterval(() => undefined, 1000);`;
    const app = await start(code, async () => !existsSync(full));

    writeFileSync(full, '');
    app.send('SIGKILL');
    const again = (seconds: number) =>
      `app ended with code 1 (PANIC:  could not write to file: No space left on device); starting it again in ${seconds} s.`;
    await until(() => sentences.some((sentence) => sentence.startsWith(again(2))));
    rmSync(full);

    await until(() => sentences.some((sentence) => sentence.includes('up again')));
    assert.ok(sentences.some((sentence) => sentence.startsWith(again(1))));
    await supervisor.stop();
  });

  it('kills a process that does not answer, and restarts it', async () => {
    const { sentences, supervisor, start } = await setup();
    let alive = true;
    const app = await start('setInterval(() => undefined, 1000)', undefined, async () => alive);
    const first = app.pid;

    alive = false;
    await until(() => sentences.some((sentence) => sentence.includes('does not answer any more')));
    alive = true;

    await until(() => sentences.some((sentence) => sentence.includes('up again')));
    assert.notEqual(app.pid, first);
    await supervisor.stop();
  });

  it('rejects a start with the last output of a process that ended', async () => {
    const { supervisor, start } = await setup();

    const failure = await start('console.error("no database"); process.exit(3)', async () => false).catch(
      (error) => error,
    );

    assert.ok(failure instanceof Failure);
    assert.match(failure.message, /app could not start: it ended with code 3/);
    assert.equal(failure.details, 'no database');
    await supervisor.stop();
  });

  it('kills a process that does not stop in time, with its children', async () => {
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

    await app.stop({ timeoutMs: 200 });

    await until(() => identityOf(child) === null);
    await supervisor.stop();
  });

  it('rejects a second run in the same directory', async () => {
    const { dir, supervisor } = await setup();

    const second = await runner(dir);

    await until(() => second.output().includes('running already'));
    await supervisor.stop();
  });

  it('stops all processes when the runner is killed', async () => {
    const dir = newDir();
    const killed = await runner(dir);
    await until(() => killed.output().includes('started'));
    const { pid } = JSON.parse(readFileSync(join(dir, 'pids/app.json'), 'utf8'));
    assert.notEqual(identityOf(pid), null);

    killed.process.kill('SIGKILL');

    await until(() => identityOf(pid) === null && readdirSync(join(dir, 'pids')).length === 0);
  });

  it('does not stop a process that only has the id of an old one', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const dir = newDir();
    const first = await Supervisor.open(dir);
    await first.stop();
    const deadRunner = { pid: 1, identity: 'of another process' };
    const note = {
      name: 'app',
      pid: bystander.pid,
      identity: 'of another process',
      stage: 2,
      stopSignal: 'SIGTERM',
    };
    writeFileSync(join(dir, 'pids/app.json'), JSON.stringify({ ...note, runner: deadRunner }));

    const second = await Supervisor.open(dir);

    assert.notEqual(identityOf(bystander.pid ?? 0), null);
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
  const sentences: string[] = [];
  const supervisor = await Supervisor.open(dir, { log: (sentence) => void sentences.push(sentence) });
  const start = (code: string, isReady = async () => true, isAlive = isReady) =>
    supervisor.start({
      ...{ name: 'app', stage: 'app' as const, command: process.execPath },
      ...{ args: ['--input-type=module', '-e', code], isReady, isAlive },
    });
  return { dir, supervisor, sentences, start };
}

/** Another process that runs processes in `dir`. */
async function runner(dir: string) {
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

const until = (condition: () => boolean) =>
  poll(condition, { timeoutMs: 10_000, message: 'The condition did not become true.' });
