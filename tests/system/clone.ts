import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../tools/lib/ports.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const START_LIMIT_MS = 5 * 60_000;
const STOP_LIMIT_MS = 15_000;
const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Exit codes that are no failure. */
  allowed?: (number | null)[];
}

/** A fresh clone, and the commands that a person runs in it. */
export class Clone {
  readonly folder: string;
  /** Commands that a person would have typed. */
  typed = 0;
  readonly #startedAt = Date.now();
  readonly #systems: System[] = [];

  constructor(purpose: string) {
    this.folder = mkdtempSync(join(tmpdir(), `${purpose}-`));
    this.run('git', ['clone', '--quiet', root, this.folder], { cwd: root });
  }

  get seconds(): number {
    return Math.round((Date.now() - this.#startedAt) / 1000);
  }

  /** Runs `npm run <script> -- <args>`. */
  npm(script: string, ...args: string[]): void {
    this.typed++;
    this.step(`npm run ${script} -- ${args.map(quoted).join(' ')}`, () =>
      this.run('npm', ['run', '--silent', script, '--', ...args]),
    );
  }

  /** Runs an installed program. */
  bin(name: string, ...args: string[]): void {
    this.step(name, () => this.run(join(this.folder, 'node_modules/.bin', name), args));
  }

  /** Runs a script with Node. */
  node(...args: string[]): void {
    this.step(args.join(' '), () => this.run(process.execPath, args));
  }

  lint(): void {
    for (const script of ['lint', 'arch'])
      this.step(script, () => this.run('npm', ['run', '--silent', script]));
  }

  /** Runs `npm test` for these packages, or for all. */
  test(...names: string[]): void {
    this.step(['npm test', ...names].join(' '), () => this.run('npm', ['test', '--', ...names]));
  }

  /** Throws when something derived is stale. */
  sync(): void {
    this.node('tools/sync/sync.ts', '--check');
  }

  /** Runs tests through the gateway of a whole system. */
  journeys(...names: string[]): void {
    this.step(`journeys: ${names.join(', ')}`, () =>
      this.run(process.execPath, [...JEST, `/(${names.join('|')})\\.spec`], {
        cwd: join(this.folder, 'tests'),
      }),
    );
  }

  step<T>(title: string, work: () => T): T {
    const since = Date.now();
    const result = work();
    log(title, since);
    return result;
  }

  /** Returns what the program prints. */
  run(program: string, args: string[], { cwd = this.folder, env, allowed = [0] }: RunOptions = {}): string {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (!allowed.includes(status))
      throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${error ?? stderr}`);
    return `${stdout}${stderr}`;
  }

  /** Runs `npm start` or `npm run dev` until it is ready. */
  async start(...command: string[]): Promise<System> {
    this.typed++;
    const since = Date.now();
    const gateway = await freePort();
    const system = new System(this.folder, gateway, command);
    this.#systems.push(system);
    await system.ready();
    log(`npm ${command.join(' ')}`, since);
    return system;
  }

  /** Starts the system and runs the commands of the README against it. */
  async startAndTour(): Promise<void> {
    const system = await this.start('start');
    const env = { GATEWAY_URL: system.gateway };
    this.step('the tour of the README', () =>
      this.run(process.execPath, ['tests/system/readme.ts', 'tour'], { env }),
    );
    await system.stop();
  }

  remove(): void {
    for (const system of this.#systems) system.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A running `npm start` or `npm run dev`. */
class System {
  readonly gateway: string;
  readonly #process: ChildProcess;
  readonly #exit: Promise<void>;
  #output = '';
  #exited = false;

  constructor(folder: string, port: number, command: string[]) {
    this.gateway = `http://localhost:${port}`;
    const env = { ...process.env, GATEWAY_PORT: String(port) };
    const child = spawn('npm', command, { cwd: folder, env, detached: true });
    this.#process = child;
    this.#exit = new Promise((resolve) => {
      child.once('exit', () => {
        this.#exited = true;
        resolve();
      });
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.#output += chunk));
  }

  async ready(): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!/^\S*Ready\S* in /m.test(this.#output)) {
      if (this.#exited || Date.now() > deadline) throw new Error(`It did not become ready:\n${this.#output}`);
      await delay(50);
    }
  }

  /** Sends what Ctrl-C sends, and waits for the exit. */
  async stop(): Promise<void> {
    const since = Date.now();
    this.#signal('SIGINT');
    await Promise.race([this.#exit, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
    if (!this.#exited)
      throw new Error(`Ctrl-C did not stop it within ${STOP_LIMIT_MS / 1000} s:\n${this.#output}`);
    log('Ctrl-C', since);
  }

  kill(): void {
    if (this.#exited) return;
    try {
      this.#signal('SIGKILL');
    } catch {
      // It has exited meanwhile.
    }
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#process.pid) process.kill(-this.#process.pid, signal);
  }
}

export function log(title: string, since: number): void {
  console.log(`${((Date.now() - since) / 1000).toFixed(1).padStart(6)} s  ${title}`);
}

const quoted = (argument: string): string => (/[\s?]/.test(argument) ? `"${argument}"` : argument);
