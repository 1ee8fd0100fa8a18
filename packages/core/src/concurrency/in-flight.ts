import { withDeadline } from './deadline.js';

/** The operations that are in progress, so that a stop can wait for them. */
export class InFlight {
  private readonly running = new Set<Promise<unknown>>();

  get size(): number {
    return this.running.size;
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    const remove = () => void this.running.delete(work);
    work.then(remove, remove);
    return work;
  }

  /** Resolves when one of the operations has ended. */
  async next(): Promise<void> {
    await Promise.race([...this.running].map((work) => work.catch(() => undefined)));
  }

  /** Resolves when all operations have ended, or after `timeoutMs`. */
  async settled(timeoutMs: number): Promise<void> {
    await withDeadline(Promise.allSettled(this.running), timeoutMs);
  }
}
