import { UnavailableError } from '../errors/app-error.js';

/**
 * Lets a fixed number of operations run at the same time; others wait in order. After `maxHeldMs` an operation no longer
 * counts as running, because it may hang.
 */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly max: number,
    private readonly options: { maxWaiting?: number; maxHeldMs?: number } = {},
  ) {}

  /** @throws UnavailableError when too many operations wait already */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    const { maxWaiting = Infinity, maxHeldMs } = this.options;
    if (this.running < this.max) this.running += 1;
    else if (this.waiting.length >= maxWaiting) throw new UnavailableError();
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    let held = true;
    const release = () => {
      if (held) this.release();
      held = false;
    };
    const timer = maxHeldMs === undefined ? undefined : setTimeout(release, maxHeldMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  private release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
