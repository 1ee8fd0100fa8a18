import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../lib/failure.ts';
import { LogFile } from '../logs/log-file.ts';
import { removePidFile, writePidFile } from './pid-files.ts';
import { sendSignal } from './process-identity.ts';

/** Stages stop in this order, so that no process loses what it still needs. */
export const STAGES = ['gateway', 'app', 'server'] as const;
type Stage = (typeof STAGES)[number];

export interface ProcessSpec {
  /** Also the name of its log. */
  name: string;
  stage: Stage;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** The user that it runs as; by default the user of this process. */
  user?: { uid: number; gid: number };
  stopSignal?: NodeJS.Signals;
  isReady: () => Promise<boolean>;
  /** Called once a second when it is ready: after several times false, the process is killed. */
  isAlive?: () => Promise<boolean>;
  /** Shown to the user. */
  address?: string;
}

/** A process that was ready for so long has recovered from its last crash. */
const RECOVERED_MS = 60_000;
const FIRST_BACK_OFF_MS = 500;
const MAX_BACK_OFF_MS = 30_000;
/** A line of a log that says why a process ended. */
const REASON = /\b(?:PANIC|FATAL|Error|error):? .*|No space left on device.*/;
const READY_POLL_MS = 40;
const LIVENESS_INTERVAL_MS = 1_000;
const MAX_LIVENESS_FAILURES = 4;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 6_000;

/** Settles with a description of the end, such as "ended with code 1". */
type End = Promise<string>;
/** `superseded`: it was started or stopped again meanwhile. */
type StartResult = { state: 'ready' | 'late' | 'superseded' } | { state: 'ended'; end: string };

/** One process: started, watched, restarted when it crashes, and stopped. */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  readonly name: string;
  readonly logFile: LogFile;
  state: 'stopped' | 'starting' | 'ready' | 'crashed' = 'stopped';
  pid: number | undefined;
  readonly #dir: string;
  readonly #log: (sentence: string) => void;
  #ended: End = Promise.resolve('not started');
  /** Since it last recovered. */
  #crashes = 0;
  #readySince: number | undefined;
  /** Incremented by every start and stop: an asynchronous step of an earlier generation has no effect. */
  #generation = 0;

  constructor(spec: ProcessSpec, { dir, log }: { dir: string; log: (sentence: string) => void }) {
    this.spec = spec;
    this.name = spec.name;
    this.#dir = dir;
    this.#log = log;
    this.logFile = new LogFile(join(dir, 'logs', `${spec.name}.log`));
  }

  /** Starts it and waits until it is ready; rejects with a Failure when it ends before that. */
  async start(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const generation = ++this.#generation;
    this.#crashes = 0;
    const result = await this.#untilReady(generation, this.#spawn(generation), signal);
    if (result.state === 'ready' || result.state === 'superseded') return;
    const details = this.logFile.tail();
    await this.stop();
    signal?.throwIfAborted();
    const problem =
      result.state === 'ended'
        ? `could not start: it ${result.end}`
        : `is not ready after ${START_TIMEOUT_MS / 1000} s`;
    throw new Failure(`${this.name} ${problem}. Its log is ${this.logFile.path}.`, { details });
  }

  async stop({ timeoutMs = STOP_TIMEOUT_MS } = {}): Promise<void> {
    this.#generation += 1;
    this.state = 'stopped';
    const { pid } = this;
    if (pid === undefined) return;
    const timer = setTimeout(() => {
      this.#log(`${this.name} did not stop within ${timeoutMs / 1000} s and was killed.`);
      sendSignal(-pid, 'SIGKILL');
    }, timeoutMs);
    this.send(this.spec.stopSignal ?? 'SIGTERM');
    this.send('SIGCONT');
    await this.#ended;
    clearTimeout(timer);
  }

  /** Kills it without notice, as a power cut does. It stays stopped until it is started again. */
  async kill(): Promise<void> {
    this.#generation += 1;
    this.state = 'stopped';
    this.send('SIGKILL');
    await this.#ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  send(signal: NodeJS.Signals): void {
    if (this.pid !== undefined) sendSignal(this.pid, signal);
  }

  #spawn(generation: number): End {
    const { command, args, env, cwd, user, stage, stopSignal = 'SIGTERM' } = this.spec;
    this.state = 'starting';
    this.#readySince = undefined;
    const log = this.logFile.open();
    // A session of its own: Ctrl-C reaches the runner only, which stops the processes in order.
    const child = spawn(command, args, { cwd, env, ...user, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const { pid } = child;
    this.pid = pid;
    if (pid) writePidFile(this.#dir, { name: this.name, pid, stage: STAGES.indexOf(stage), stopSignal });
    const ended: End = once(child, 'exit').then(
      ([code, signal]: (number | string | null)[]) => {
        // Its children end with it: workers of a master that was killed would keep its port.
        if (pid) sendSignal(-pid, 'SIGKILL');
        return signal ? `was ended by ${signal}` : `ended with code ${code}`;
      },
      (error: Error) => `cannot be run (${error.message})`,
    );
    this.#ended = ended.then((end) => {
      this.#onEnd(generation, end);
      return end;
    });
    return this.#ended;
  }

  #onEnd(generation: number, end: string) {
    this.pid = undefined;
    removePidFile(this.#dir, this.name);
    if (generation === this.#generation && this.state === 'ready') void this.#recover(generation, end);
  }

  /** Restarts it after a crash, later each time: what ended it, such as a full disk, may be mended meanwhile. */
  async #recover(generation: number, firstEnd: string): Promise<void> {
    let end = firstEnd;
    for (;;) {
      if (Date.now() - (this.#readySince ?? Infinity) > RECOVERED_MS) this.#crashes = 0;
      this.state = 'crashed';
      const delay = Math.min(FIRST_BACK_OFF_MS * 2 ** this.#crashes++, MAX_BACK_OFF_MS);
      const reason = REASON.exec(this.logFile.tail())?.[0];
      this.#log(
        `${this.name} ${end}${reason ? ` (${reason})` : ''}; starting it again in ${delay / 1000} s. ` +
          `Its log is ${this.logFile.path}.`,
      );
      await sleep(delay);
      if (generation !== this.#generation) return;
      const result = await this.#untilReady(generation, this.#spawn(generation));
      if (result.state === 'ready') this.#log(`${this.name} is up again (process ${this.pid}).`);
      if (result.state === 'late') {
        this.state = 'ready';
        this.#log(`${this.name} runs again but is not ready. Its log is ${this.logFile.path}.`);
      }
      if (result.state !== 'ended') return;
      end = result.end;
    }
  }

  /** Kills the process when it hangs, as orchestrators do; then it is restarted like one that crashed. */
  async #watchLiveness(generation: number, pid: number | undefined): Promise<void> {
    const { isAlive } = this.spec;
    if (!isAlive) return;
    for (let failures = 0; failures < MAX_LIVENESS_FAILURES;) {
      const startedAt = Date.now();
      const alive = await isAlive().catch(() => false);
      failures = alive ? 0 : failures + 1;
      await sleep(Math.max(0, startedAt + LIVENESS_INTERVAL_MS - Date.now()), undefined, { ref: false });
      if (generation !== this.#generation || pid !== this.pid) return;
    }
    this.#log(`${this.name} does not answer any more.`);
    this.send('SIGKILL');
  }

  async #untilReady(generation: number, ended: End, signal?: AbortSignal): Promise<StartResult> {
    let end: string | undefined;
    void ended.then((description) => (end = description));
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const ready = await this.spec.isReady().catch(() => false);
      if (generation !== this.#generation) return { state: 'superseded' };
      // The end counts more than an answer: another process may have given that answer.
      if (end !== undefined) return { state: 'ended', end };
      if (ready) {
        this.state = 'ready';
        this.#readySince = Date.now();
        void this.#watchLiveness(generation, this.pid);
        return { state: 'ready' };
      }
      if (signal?.aborted || Date.now() > deadline) return { state: 'late' };
      await sleep(READY_POLL_MS);
    }
  }
}
