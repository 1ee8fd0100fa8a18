import type { Database, Transaction } from '@repo/database';
import type { Inbox } from '@repo/messaging';

/** Progress is for people: more often nobody can see it. */
const PROGRESS_INTERVAL_MS = 250;

export interface RunningTaskDependencies {
  database: Database;
  inbox: Inbox;
  saveProgress(percent: number): Promise<void>;
}

/** The task that a job is run for. A task may run more than once: a worker can die at any moment. */
export class RunningTask {
  private progressAt = -Infinity;

  constructor(
    readonly id: string,
    /** From 1. */
    readonly attempt: number,
    readonly createdByUserId: number | null,
    /** Fires when the time limit is over, or the worker has to stop. Hand it on to whatever takes time. */
    readonly signal: AbortSignal,
    private readonly dependencies: RunningTaskDependencies,
  ) {}

  /** Shows how far the task has come, in per cent. */
  async progress(percent: number): Promise<void> {
    const now = performance.now();
    if (now - this.progressAt < PROGRESS_INTERVAL_MS) return;
    this.progressAt = now;
    await this.dependencies.saveProgress(Math.min(100, Math.max(0, Math.floor(percent))));
  }

  /** All of it, or nothing; nothing also when the time limit is over before the commit. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.dependencies.database.transaction(async (tx) => {
      const result = await work(tx);
      this.signal.throwIfAborted();
      return result;
    });
  }

  /**
   * An effect that this task has once, however often it runs: a note under the id of the task and this name is
   * committed with it.
   *
   * @param name  of the effect, at most 27 characters
   * @returns false when an earlier run has done it
   */
  once(name: string, effect: (tx: Transaction) => Promise<void>): Promise<boolean> {
    return this.dependencies.inbox.once({ id: `${this.id}:${name}` }, async (tx) => {
      await effect(tx);
      this.signal.throwIfAborted();
    });
  }
}
