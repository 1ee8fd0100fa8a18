import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** Something that goes on while faults happen. */
export class Load {
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];

  constructor() {
    setMaxListeners(0, this.stopping.signal);
  }

  /** Calls `work` again and again, one call after the other, with pauses. */
  repeat(work: () => Promise<unknown>, pauseMs: number): this {
    this.loops.push(this.run(work, pauseMs));
    return this;
  }

  /** Lets what is under way end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  private async run(work: () => Promise<unknown>, pauseMs: number): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await work();
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Does `work` for each of `items`, so many at once. */
export async function sideBySide<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (waiting.length > 0) await work(waiting.shift() as T);
    }),
  );
}
