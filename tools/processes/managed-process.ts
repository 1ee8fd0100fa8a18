// @ts-check
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../lib/failure.ts';
import { LogFile } from '../logs/log-file.ts';
import { forgetProcess, noteProcess } from './pid-files.ts';
import { settlesWithin, stopIfAborted } from '../lib/wait.ts';

/** What stops first: nobody may lose what it still needs. */
export const STAGES = { gateway: 1, app: 2, server: 3 };

/**
 * @typedef {object} ProcessSpec
 * @property {string} name  also the name of its log
 * @property {keyof typeof STAGES} stage
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 * @property {{ uid: number, gid: number }} [user]  whom it runs as, when not as the runner
 * @property {NodeJS.Signals} [stopSignal]
 * @property {() => Promise<boolean>} isReady
 * @property {() => Promise<boolean>} [isAlive]  once it is ready: when it says no for a while, the process is killed
 * @property {number} [startLimitMs]
 * @property {string} [address]  for people
 */

const CRASH_WINDOW_MS = 60_000;
const CRASHES_TO_GIVE_UP = 5;
const FIRST_BACK_OFF_MS = 500;
const PULSE_MS = 1_000;
const MISSED_PULSES_TO_KILL = 4;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 6_000;

/** One process: started, watched, started again when it crashes, and stopped. */
export class ManagedProcess {
  /**
   * @param {ProcessSpec} spec
   * @param {{ dir: string, say: (sentence: string) => void }} context
   */
  constructor(spec, { dir, say }) {
    this.spec = spec;
    this.name = spec.name;
    this.#dir = dir;
    this.#say = say;
    this.log = new LogFile(join(dir, 'logs', `${spec.name}.log`));
  }

  #dir;
  #say;
  /** @type {'stopped' | 'starting' | 'ready' | 'crashed' | 'given up'} */
  state = 'stopped';
  /** @type {number | undefined} */
  pid;
  /** Settles with a description when the current process has ended. @type {Promise<string>} */
  #ended = Promise.resolve('not started');
  /** @type {number[]} */
  #crashes = [];
  /** Raised by every start and stop; a wait that finds another number has been overtaken. */
  #turn = 0;

  /**
   * Starts it and waits until it is ready; a crash before that is a Failure.
   *
   * @param {AbortSignal} [signal]
   */
  async start(signal) {
    stopIfAborted(signal);
    const turn = ++this.#turn;
    this.#crashes = [];
    const ended = this.#spawn(turn);
    const outcome = await this.#untilReady(turn, ended, signal);
    if (outcome === 'ready' || outcome === 'overtaken') return;
    const details = this.log.tail();
    await this.stop();
    stopIfAborted(signal);
    throw new Failure(
      outcome === 'late'
        ? `${this.name} did not get ready within ${this.#startLimit / 1000} s; its log is ${this.log.path}.`
        : `${this.name} could not start: it ${outcome}; its log is ${this.log.path}.`,
      { details },
    );
  }

  /** @param {{ limitMs?: number }} [options] */
  async stop({ limitMs = STOP_LIMIT_MS } = {}) {
    this.#turn += 1;
    this.state = 'stopped';
    if (this.pid === undefined) return;
    const ended = this.#ended;
    this.send(this.spec.stopSignal ?? 'SIGTERM');
    this.send('SIGCONT');
    if (!(await settlesWithin(ended, limitMs))) {
      this.#say(`${this.name} did not stop within ${limitMs / 1000} s and was killed.`);
      sendTo(-(/** @type {number} */ (this.pid)), 'SIGKILL');
      await ended;
    }
  }

  /** Ends it without a word, as a power cut does; it stays away until it is started. */
  async kill() {
    this.#turn += 1;
    this.state = 'stopped';
    const ended = this.#ended;
    this.send('SIGKILL');
    await ended;
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /** @param {NodeJS.Signals} signal */
  send(signal) {
    if (this.pid !== undefined) sendTo(this.pid, signal);
  }

  get #startLimit() {
    return this.spec.startLimitMs ?? START_LIMIT_MS;
  }

  /**
   * @param {number} turn
   * @returns {Promise<string>} settles when the process has ended
   */
  #spawn(turn) {
    const { command, args, env, cwd, user, stage, stopSignal = 'SIGTERM' } = this.spec;
    this.state = 'starting';
    const log = this.log.open();
    // A session of its own: Ctrl-C in the terminal reaches the runner only, which stops things in order.
    const child = spawn(command, args, { cwd, env, ...user, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const pid = child.pid;
    this.pid = pid;
    if (pid) noteProcess(this.#dir, { name: this.name, pid, stage: STAGES[stage], stopSignal });
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`cannot be run (${error.message})`));
      child.once('exit', (code, signal) => {
        // Whatever it started must not outlive it: workers of a killed master would keep its port.
        if (pid) sendTo(-pid, 'SIGKILL');
        resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`);
      });
    });
    void this.#ended.then((how) => this.#onEnd(turn, how));
    return this.#ended;
  }

  /**
   * @param {number} turn
   * @param {string} how
   */
  #onEnd(turn, how) {
    this.pid = undefined;
    forgetProcess(this.#dir, this.name);
    const crashed = turn === this.#turn && this.state === 'ready';
    if (crashed) void this.#recover(turn, how);
  }

  /**
   * Starts it again after a crash, later each time, until it stays up or has crashed too often.
   *
   * @param {number} turn
   * @param {string} how
   */
  async #recover(turn, how) {
    while (turn === this.#turn) {
      const now = Date.now();
      this.#crashes = [...this.#crashes.filter((time) => time > now - CRASH_WINDOW_MS), now];
      if (this.#crashes.length >= CRASHES_TO_GIVE_UP) {
        this.state = 'given up';
        this.#say(
          `${this.name} ${how}, for the ${this.#crashes.length}th time within a minute: it stays stopped. ` +
            `Its log, ${this.log.path}, says why; the others go on.`,
        );
        return;
      }
      this.state = 'crashed';
      const delay = FIRST_BACK_OFF_MS * 2 ** (this.#crashes.length - 1);
      this.#say(`${this.name} ${how}; starting it again in ${delay / 1000} s.`);
      await sleep(delay);
      if (turn !== this.#turn) return;
      const outcome = await this.#untilReady(turn, this.#spawn(turn));
      if (outcome === 'ready') return this.#say(`${this.name} is up again (process ${this.pid}).`);
      if (outcome === 'overtaken') return;
      if (outcome === 'late') {
        this.state = 'ready';
        return this.#say(`${this.name} runs again but is not ready; its log is ${this.log.path}.`);
      }
      how = outcome;
    }
  }

  /**
   * Kills the process when it hangs, as orchestrators do; then it is started again like one that crashed.
   *
   * @param {number} turn
   * @param {number | undefined} pid
   */
  async #feelPulse(turn, pid) {
    const { isAlive } = this.spec;
    if (!isAlive) return;
    for (let missed = 0; missed < MISSED_PULSES_TO_KILL;) {
      const startedAt = Date.now();
      const alive = await isAlive().catch(() => false);
      missed = alive ? 0 : missed + 1;
      await sleep(Math.max(0, startedAt + PULSE_MS - Date.now()), undefined, { ref: false });
      if (turn !== this.#turn || pid !== this.pid) return;
    }
    this.#say(`${this.name} does not answer any more.`);
    this.send('SIGKILL');
  }

  /**
   * @param {number} turn
   * @param {Promise<string>} ended
   * @param {AbortSignal} [signal]
   * @returns {Promise<string>} 'ready', 'late', 'overtaken', or how it ended
   */
  async #untilReady(turn, ended, signal) {
    let end = '';
    void ended.then((how) => (end = how));
    const deadline = Date.now() + this.#startLimit;
    for (;;) {
      const ready = await this.spec.isReady().catch(() => false);
      if (turn !== this.#turn) return 'overtaken';
      // The end counts more than an answer: another process may have given that one.
      if (end) return end;
      if (ready) {
        this.state = 'ready';
        void this.#feelPulse(turn, this.pid);
        return 'ready';
      }
      if (signal?.aborted || Date.now() > deadline) return 'late';
      await sleep(40);
    }
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function sendTo(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
