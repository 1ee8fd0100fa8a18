import { UnavailableError } from '../errors/index.js';

export interface SemaphoreOptions {
  /** More are refused. */
  maxWaiting?: number;
  /** What has not ended by then goes on without its place: one that hangs does not hold up all the others. */
  maxHeldMs?: number;
}

/** Lets a bounded number of things run at once; the others wait for their turn. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly max: number,
    private readonly options: SemaphoreOptions = {},
  ) {}

  /** @throws UnavailableError at once when too many wait already */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    const { maxWaiting = Infinity, maxHeldMs } = this.options;
    if (this.running < this.max) this.running += 1;
    else if (this.waiting.length >= maxWaiting) throw new UnavailableError();
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    const place = this.heldPlace();
    const overdue = maxHeldMs === undefined ? undefined : setTimeout(place.release, maxHeldMs);
    try {
      return await work();
    } finally {
      clearTimeout(overdue);
      place.release();
    }
  }

  private heldPlace(): { release: () => void } {
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      // It goes to the next in line, or is free.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    };
    return { release };
  }
}

/** Runs what has the same key one after another, in the order of the calls. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.tails.get(key) ?? Promise.resolve()).then(work);
    const tail = result.then(noop, noop).then(() => {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    });
    this.tails.set(key, tail);
    return result;
  }
}

function noop(): void {}

/** Counts what runs, so that a stop can wait for it. */
export class InFlight {
  private readonly running = new Set<Promise<unknown>>();

  get size(): number {
    return this.running.size;
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    const forget = () => void this.running.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** Resolves when one of them has ended. */
  async next(): Promise<void> {
    await Promise.race([...this.running].map((work) => work.then(noop, noop)));
  }

  /** Resolves when nothing runs any more, or when the time is up. */
  async settled(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([Promise.allSettled(this.running), timeout]);
    clearTimeout(timer);
  }
}
