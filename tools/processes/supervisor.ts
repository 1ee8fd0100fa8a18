// @ts-check
import { mkdirSync } from 'node:fs';
import { Interrupted } from '../lib/failure.ts';
import { postGuard } from './guard.ts';
import { ManagedProcess, STAGES } from './managed-process.ts';
import { becomeRunner, ceaseToRun, endLeftovers } from './pid-files.ts';

/** Together under ten seconds, the time in which everything must be gone. */
const STOP_LIMITS_MS = { gateway: 1_500, app: 6_000, server: 2_000 };

/** All processes of one run: started in any order, stopped in the right one. */
export class Supervisor {
  /**
   * Takes over `dir`, after having ended what a run that died may have left there.
   *
   * @param {string} dir
   * @param {object} [options]
   * @param {(sentence: string) => void} [options.say]  crashes, restarts and the like
   * @param {string[]} [options.removeDirs]  directories that shall not outlive the run, even if it is killed
   */
  static async open(dir, { say = () => undefined, removeDirs = [] } = {}) {
    mkdirSync(dir, { recursive: true });
    becomeRunner(dir);
    const dismissGuard = postGuard(dir, { removeDirs });
    const leftovers = await endLeftovers(dir);
    if (leftovers.length) say(`Ended what an earlier run had left: ${leftovers.join(', ')}.`);
    return new Supervisor(dir, say, dismissGuard);
  }

  /**
   * @param {string} dir
   * @param {(sentence: string) => void} say
   * @param {() => void} dismissGuard
   */
  constructor(dir, say, dismissGuard) {
    this.dir = dir;
    this.#say = say;
    this.#dismissGuard = dismissGuard;
  }

  #say;
  #dismissGuard;
  /** @type {Promise<void> | undefined} */
  #stopped;
  /** @type {Map<string, ManagedProcess>} */
  processes = new Map();

  /**
   * @param {import('./managed-process.ts').ProcessSpec} spec
   * @param {AbortSignal} [signal]
   */
  async start(spec, signal) {
    if (this.#stopped) throw new Interrupted();
    const process = new ManagedProcess(spec, { dir: this.dir, say: this.#say });
    this.processes.set(spec.name, process);
    await process.start(signal);
    return process;
  }

  /** Stops everything, stage by stage. Asked twice, it still does it once. */
  stop() {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll() {
    for (const stage of /** @type {(keyof typeof STAGES)[]} */ (Object.keys(STAGES))) {
      const ofStage = [...this.processes.values()].filter((process) => process.spec.stage === stage);
      await Promise.all(ofStage.map((process) => process.stop({ limitMs: STOP_LIMITS_MS[stage] })));
    }
    for (const process of this.processes.values()) process.log.close();
    ceaseToRun(this.dir);
    this.#dismissGuard();
  }
}
