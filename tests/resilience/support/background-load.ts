import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** Requests that go on while faults happen. */
export class BackgroundLoad {
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

  /** Resolves when the calls in flight have ended. */
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
