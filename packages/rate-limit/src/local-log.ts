import type { RateLimitRule } from '@repo/contracts';
import { LRUCache } from 'lru-cache';
import type { RateLimitResult } from './rate-limiter.js';
import { retentionOf } from './sliding-log.js';

/** The sliding log in the memory of this process. A full log forgets the least recently used callers. */
export class LocalLog {
  /** Times of the admitted calls of one caller on one route, in order. */
  private readonly logs: LRUCache<string, { times: number[] }>;

  constructor(
    private readonly now: () => number = () => performance.now(),
    { maxKeys = 10_000, maxCalls = 1_000_000 } = {},
  ) {
    this.logs = new LRUCache({ max: maxKeys, maxSize: maxCalls });
  }

  /** Decides on a call without recording it. */
  check(key: string, { limit, period }: RateLimitRule): RateLimitResult {
    const now = this.now();
    const times = this.timesOf(key);
    const running = firstAfter(times, now - period * 1_000);
    const used = times.length - running;
    const leaves = (n: number) => Math.max(0, times[running + n - 1]! / 1_000 + period - now / 1_000);
    return {
      allowed: used < limit,
      remaining: Math.max(0, limit - used),
      resetSeconds: used > 0 ? leaves(1) : 0,
      retryAfterSeconds: used < limit ? 0 : leaves(used + 1 - limit),
    };
  }

  /** Decides on a call, and records it if it is admitted. `cancel` removes it. */
  admit(key: string, rule: RateLimitRule): RateLimitResult & { cancel(): void } {
    const result = this.check(key, rule);
    if (!result.allowed) return { ...result, cancel: () => undefined };
    const time = this.now();
    const times = this.timesOf(key);
    times.push(time);
    trim(times, time, retentionOf(rule));
    this.store(key, times);
    const { remaining, resetSeconds } = this.check(key, rule);
    return { ...result, remaining, resetSeconds, cancel: () => this.remove(key, time) };
  }

  private remove(key: string, time: number): void {
    const times = this.timesOf(key);
    if (times.length === 0) return;
    times.splice(Math.max(0, firstAfter(times, time) - 1), 1);
    this.store(key, times);
  }

  private timesOf(key: string): number[] {
    return this.logs.get(key)?.times ?? [];
  }

  /** Stores a new object, because the cache computes the size of an entry only when it is replaced. */
  private store(key: string, times: number[]): void {
    if (times.length === 0) this.logs.delete(key);
    else this.logs.set(key, { times }, { size: times.length });
  }
}

function trim(times: number[], now: number, kept: { seconds: number; calls: number }): void {
  const surplus = Math.max(firstAfter(times, now - kept.seconds * 1_000), times.length - kept.calls);
  // In large steps: each removal moves the rest of the array.
  if (surplus > times.length / 2) times.splice(0, surplus);
}

/** The index of the first time after `time`, by binary search. */
function firstAfter(times: number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
