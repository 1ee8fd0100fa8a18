import type { Database, Transaction } from '@repo/database';
import type { Inbox } from '@repo/messaging';

/** Progress is saved this often at most, because each save writes to PostgreSQL and Redis. */
const PROGRESS_INTERVAL_MS = 250;

export interface RunningTaskDependencies {
  database: Database;
  inbox: Inbox;
  saveProgress(percent: number): Promise<void>;
}

/** The task of one attempt. A task may have several attempts, because a worker can die at any time. */
export class RunningTask {
  private progressAt = -Infinity;

  constructor(
    readonly id: string,
    readonly createdByUserId: number | null,
    /** Aborted when the time limit is over or the worker stops. Pass it to slow calls. */
    readonly signal: AbortSignal,
    private readonly dependencies: RunningTaskDependencies,
  ) {}

  /** Saves the progress, in per cent. */
  async progress(percent: number): Promise<void> {
    const now = performance.now();
    if (now - this.progressAt < PROGRESS_INTERVAL_MS) return;
    this.progressAt = now;
    await this.dependencies.saveProgress(Math.min(100, Math.max(0, Math.floor(percent))));
  }

  /** A transaction that is rolled back if the signal is aborted before the commit. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.dependencies.database.transaction(async (tx) => {
      const result = await work(tx);
      this.signal.throwIfAborted();
      return result;
    });
  }

  /**
   * Applies an effect once per task, in the transaction that stores its name in the inbox.
   *
   * @param name at most 27 characters
   * @returns false if an earlier attempt has applied it
   */
  once(name: string, effect: (tx: Transaction) => Promise<void>): Promise<boolean> {
    return this.dependencies.inbox.once({ id: `${this.id}:${name}` }, async (tx) => {
      await effect(tx);
      this.signal.throwIfAborted();
    });
  }
}
