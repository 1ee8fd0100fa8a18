import { mkdirSync } from 'node:fs';
import { Interrupted } from '../lib/failure.ts';
import { ManagedProcess, type ProcessSpec, STAGES } from './managed-process.ts';
import { acquireLock, releaseLock, stopOrphans } from './pid-files.ts';
import { startWatchdog } from './watchdog.ts';

/** Together less than ten seconds, the time that orchestrators give. */
const STOP_TIMEOUTS_MS = { gateway: 1_500, app: 6_000, server: 2_000 };

export interface SupervisorOptions {
  /** Receives crashes, restarts and the like, as sentences. */
  log?: (sentence: string) => void;
  /** Directories that are removed when this process dies without a stop. */
  removeDirs?: string[];
}

/** All processes of one run: started in any order, stopped stage by stage. */
export class Supervisor {
  readonly processes = new Map<string, ManagedProcess>();
  readonly #dir: string;
  readonly #log: (sentence: string) => void;
  readonly #stopWatchdog: () => void;
  #stopped: Promise<void> | undefined;

  /** Acquires the lock of `dir`, and stops what a run that was killed has left there. */
  static async open(dir: string, { log = () => undefined, removeDirs }: SupervisorOptions = {}) {
    mkdirSync(dir, { recursive: true });
    acquireLock(dir);
    const stopWatchdog = startWatchdog(dir, removeDirs);
    const orphans = await stopOrphans(dir);
    if (orphans.length > 0) log(`Stopped processes of an earlier run: ${orphans.join(', ')}.`);
    return new Supervisor(dir, log, stopWatchdog);
  }

  constructor(dir: string, log: (sentence: string) => void, stopWatchdog: () => void) {
    this.#dir = dir;
    this.#log = log;
    this.#stopWatchdog = stopWatchdog;
  }

  async start(spec: ProcessSpec, signal?: AbortSignal): Promise<ManagedProcess> {
    if (this.#stopped) throw new Interrupted();
    const managed = new ManagedProcess(spec, { dir: this.#dir, log: this.#log });
    this.processes.set(spec.name, managed);
    await managed.start(signal);
    return managed;
  }

  /** Stops all processes, stage by stage. A second call waits for the first. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll() {
    for (const stage of STAGES) {
      const ofStage = [...this.processes.values()].filter(({ spec }) => spec.stage === stage);
      await Promise.all(ofStage.map((managed) => managed.stop({ timeoutMs: STOP_TIMEOUTS_MS[stage] })));
    }
    for (const { logFile } of this.processes.values()) logFile.close();
    releaseLock(this.#dir);
    this.#stopWatchdog();
  }
}
