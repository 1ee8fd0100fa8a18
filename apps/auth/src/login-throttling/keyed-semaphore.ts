import { UnavailableError } from '@repo/core';

interface Entry {
  held: number;
  waiting: Set<() => void>;
  users: number;
}

/** One semaphore per key, whose capacity is read before each acquisition. An entry exists while it is in use. */
export class KeyedSemaphore {
  private readonly entries = new Map<string, Entry>();

  /**
   * Runs `work` while fewer than `capacity()` holders of the key run. Otherwise waits until one releases, and reads
   * the capacity again.
   *
   * @param capacity the number of parallel holders; an error that it throws ends the wait
   * @throws UnavailableError after `timeoutMs` of waiting
   */
  async run<T>(
    key: string,
    { capacity, timeoutMs }: { capacity: () => Promise<number>; timeoutMs: number },
    work: () => Promise<T>,
  ): Promise<T> {
    const entry = this.entries.get(key) ?? { held: 0, waiting: new Set(), users: 0 };
    this.entries.set(key, entry);
    entry.users += 1;
    try {
      await acquire(entry, capacity, performance.now() + timeoutMs);
      try {
        return await work();
      } finally {
        entry.held -= 1;
        wakeNext(entry);
      }
    } finally {
      entry.users -= 1;
      if (entry.users === 0) this.entries.delete(key);
    }
  }
}

async function acquire(entry: Entry, capacity: () => Promise<number>, deadline: number): Promise<void> {
  for (;;) {
    try {
      if ((await capacity()) > entry.held) break;
    } catch (error) {
      wakeNext(entry); // This caller was woken and acquires nothing, so it wakes the next one.
      throw error;
    }
    if (!(await wokenBefore(entry, deadline))) throw new UnavailableError();
  }
  entry.held += 1;
}

function wakeNext({ waiting }: Entry): void {
  const [next] = waiting;
  next?.();
}

function wokenBefore({ waiting }: Entry, deadline: number): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = (isWoken: boolean) => {
      clearTimeout(timer);
      waiting.delete(wake);
      resolve(isWoken);
    };
    const wake = () => leave(true);
    const timer = setTimeout(leave, deadline - performance.now(), false);
    waiting.add(wake);
  });
}
