// @ts-check
// A fresh clone, and what a person does in it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const START_LIMIT_MS = 5 * 60_000;
const STOP_LIMIT_MS = 15_000;

export class Clone {
  /** Commands that a person would have typed. */
  typed = 0;
  #startedAt = Date.now();
  /** @type {System[]} */
  #systems = [];

  /** @param {string} purpose */
  constructor(purpose) {
    this.folder = mkdtempSync(join(tmpdir(), `${purpose}-`));
    this.run('git', ['clone', '--quiet', root, this.folder], { cwd: root });
  }

  get seconds() {
    return Math.round((Date.now() - this.#startedAt) / 1000);
  }

  /** What a person types. @param {string} script @param {string[]} args */
  npm(script, ...args) {
    this.typed++;
    this.step(['npm run', script, '--', ...args.map(quoted)].join(' '), () =>
      this.run('npm', ['run', '--silent', script, '--', ...args]),
    );
  }

  /** @param {string} name @param {string[]} args */
  bin(name, ...args) {
    this.step(name, () => this.run(join(this.folder, 'node_modules/.bin', name), args));
  }

  /** @param {string[]} args */
  node(...args) {
    this.step(args.join(' '), () => this.run(process.execPath, args));
  }

  /** In the stack of npm start, through its gateway. @param {string[]} names */
  journeys(...names) {
    const jest = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    this.step(`journeys: ${names.join(', ')}`, () =>
      this.run(process.execPath, [...jest, `/(${names.join('|')})\\.spec`], {
        cwd: join(this.folder, 'tests'),
      }),
    );
  }

  /** @template T @param {string} title @param {() => T} work @returns {T} */
  step(title, work) {
    const since = Date.now();
    const result = work();
    log(title, since);
    return result;
  }

  /**
   * @param {string} program
   * @param {string[]} args
   * @param {{ cwd?: string, good?: (number | null)[], env?: Record<string, string> }} [options]  good: exit codes
   * @returns {string} what it said
   */
  run(program, args, { cwd = this.folder, good = [0], env } = {}) {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (!good.includes(status))
      throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${error ?? stderr}`);
    return `${stdout}${stderr}`;
  }

  /** Types `npm start` or `npm run dev`, and waits until it says that it is ready. @param {string[]} command */
  async start(...command) {
    this.typed++;
    const since = Date.now();
    const system = new System(this.folder, await freePort(), command);
    this.#systems.push(system);
    await system.ready();
    log(`npm ${command.join(' ')}`, since);
    return system;
  }

  /** What is there now starts, and answers as its README says. */
  async startAndTour() {
    const system = await this.start('start');
    const env = { GATEWAY_URL: system.gateway };
    this.step('the tour of the README', () =>
      this.run(process.execPath, ['tests/system/readme.ts', 'tour'], { env }),
    );
    await system.stop();
  }

  remove() {
    for (const system of this.#systems) system.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What `npm start` keeps running. */
class System {
  #output = '';
  #ended = false;
  #exit;

  /** @param {string} folder @param {number} port @param {string[]} command */
  constructor(folder, port, command) {
    this.gateway = `http://localhost:${port}`;
    this.process = spawn('npm', command, {
      cwd: folder,
      env: { ...process.env, GATEWAY_PORT: String(port) },
      detached: true,
    });
    this.#exit = new Promise((resolve) => this.process.once('exit', () => resolve((this.#ended = true))));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on('data', (chunk) => (this.#output += chunk));
  }

  async ready() {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!/^\S*Ready\S* in /m.test(this.#output)) {
      if (this.#ended || Date.now() > deadline) throw new Error(`It did not become ready:\n${this.#output}`);
      await delay(50);
    }
  }

  /** Ctrl-C. */
  async stop() {
    const since = Date.now();
    process.kill(-(/** @type {number} */ (this.process.pid)), 'SIGINT');
    await Promise.race([this.#exit, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
    if (!this.#ended)
      throw new Error(`Ctrl-C did not stop it within ${STOP_LIMIT_MS / 1000} s:\n${this.#output}`);
    log('Ctrl-C', since);
  }

  kill() {
    if (this.#ended || !this.process.pid) return;
    try {
      process.kill(-this.process.pid, 'SIGKILL');
    } catch {
      // gone already
    }
  }
}

/** @param {string} title @param {number} since */
export function log(title, since) {
  console.log(`${((Date.now() - since) / 1000).toFixed(1).padStart(6)} s  ${title}`);
}

/** @param {string} argument */
const quoted = (argument) => (/[\s?]/.test(argument) ? `"${argument}"` : argument);

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
