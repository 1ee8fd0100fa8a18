import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../../tools/lib/poll.ts';
import { freePort } from '../../tools/lib/ports.ts';
import { seconds } from '../../tools/lib/progress.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { sendSignal } from '../../tools/processes/process-identity.ts';
import { tour } from './tour.ts';

const START_LIMIT_MS = 5 * 60_000;
const STOP_LIMIT_MS = 15_000;

/** A fresh clone, and the commands that a person runs in it. */
export class Clone {
  readonly folder: string;
  readonly #startedAt = Date.now();
  #system: System | undefined;

  constructor(purpose: string) {
    this.folder = mkdtempSync(join(tmpdir(), `${purpose}-`));
    this.run('git', ['clone', '--quiet', ROOT, '.']);
  }

  /** The time since the clone was made. */
  get age(): string {
    return seconds(Date.now() - this.#startedAt);
  }

  /** Runs `npm run <script> -- <args>`. */
  npm(script: string, ...args: string[]): void {
    this.step('npm', 'run', '--silent', script, '--', ...args);
  }

  /** Runs `npm test` for these packages, or for all. */
  test(...names: string[]): void {
    this.step('npm', 'test', '--', ...names);
  }

  /** Runs a command, and prints how long it took. */
  step(program: string, ...args: string[]): void {
    const since = Date.now();
    this.run(program, args);
    console.log(`${[program, ...args].join(' ')}: ${seconds(Date.now() - since)}`);
  }

  /** Returns the output of a command. Other exit codes than `allowed` are an error. */
  run(program: string, args: string[], allowed = 0): string {
    const options = { cwd: this.folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    const { status, stdout, stderr, error } = spawnSync(program, args, options);
    if (status !== allowed)
      throw new Error(`${program} ${args.join(' ')}: exit code ${status}\n${stdout}\n${error ?? stderr}`);
    return `${stdout}${stderr}`;
  }

  /** Runs `npm start` or `npm run dev` until it is ready. */
  async start(...command: string[]): Promise<System> {
    this.#system = new System(this.folder, await freePort(), command);
    await this.#system.ready();
    return this.#system;
  }

  /** Starts the system and runs the commands of the README against it. */
  async startAndTour(): Promise<void> {
    const system = await this.start('start');
    tour(system.gateway, this.folder);
    await system.stop();
  }

  remove(): void {
    this.#system?.signal('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A running `npm start` or `npm run dev`. */
class System {
  readonly gateway: string;
  readonly #process: ChildProcess;
  #output = '';

  constructor(folder: string, port: number, command: string[]) {
    this.gateway = `http://localhost:${port}`;
    const env = { ...process.env, GATEWAY_PORT: String(port) };
    this.#process = spawn('npm', command, { cwd: folder, env, detached: true });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (chunk) => (this.#output += chunk));
  }

  async ready(): Promise<void> {
    const line = () => /^\S*Ready\S* in .*$/m.exec(this.#output)?.[0];
    const options = { message: 'It is not ready in time.', timeoutMs: START_LIMIT_MS };
    await poll(() => line() ?? !this.#isRunning, options).catch(() => undefined);
    if (!line()) throw new Error(`It did not become ready:\n${this.#output}`);
    console.log(line());
  }

  /** Sends what Ctrl-C sends, and waits for the exit. */
  async stop(): Promise<void> {
    const since = Date.now();
    const exit = once(this.#process, 'exit');
    this.signal('SIGINT');
    await Promise.race([exit, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
    if (this.#isRunning)
      throw new Error(`Ctrl-C did not stop it within ${seconds(STOP_LIMIT_MS)}:\n${this.#output}`);
    console.log(`Ctrl-C: ${seconds(Date.now() - since)}`);
  }

  /** Sends a signal to the process group. */
  signal(signal: NodeJS.Signals): void {
    if (this.#process.pid && this.#isRunning) sendSignal(-this.#process.pid, signal);
  }

  get #isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }
}
