import { BoundedMap } from '@repo/core';
import type { RateLimitRule, RateLimitVerdict } from './rate-limit.types.js';
import { retentionOf } from './retention.js';

/** When each unit of one caller on one route was admitted, in order. */
type Times = number[];

/**
 * What this process admitted, in its own memory: the same sliding log as in Redis, for when Redis is away. Callers
 * that were not seen for long are forgotten when it is full.
 */
export class LocalLog {
  private readonly logs: BoundedMap<string, Times>;

  constructor(
    private readonly now: () => number = () => performance.now(),
    { maxKeys = 10_000, maxUnits = 1_000_000 } = {},
  ) {
    this.logs = new BoundedMap({ maxEntries: maxKeys, maxWeight: maxUnits });
  }

  /** The verdict on a call, which is not recorded. A cost of 0 tells what is left. */
  judge(key: string, { limit, period }: RateLimitRule, cost: number): RateLimitVerdict {
    const now = this.now();
    const times = this.logs.get(key) ?? [];
    const running = firstAfter(times, now - period * 1_000);
    const used = times.length - running;
    const allowed = used + cost <= limit;
    const leaves = (n: number) => Math.max(0, times[running + n - 1]! / 1_000 + period - now / 1_000);
    return {
      allowed,
      limit,
      remaining: Math.max(0, limit - used),
      resetSeconds: used > 0 ? leaves(1) : 0,
      retryAfterSeconds: allowed ? 0 : cost > limit ? period : leaves(used + cost - limit),
    };
  }

  /** The verdict on a call, which is recorded when it is admitted. `cancel` takes that back. */
  admit(key: string, rule: RateLimitRule, cost: number): RateLimitVerdict & { cancel(): void } {
    const verdict = this.judge(key, rule, cost);
    if (!verdict.allowed) return { ...verdict, cancel: () => undefined };
    const time = this.record(key, rule, cost);
    return { ...this.judge(key, rule, 0), allowed: true, cancel: () => this.remove(key, cost, time) };
  }

  private record(key: string, rule: RateLimitRule, cost: number): number {
    const times = this.logs.get(key) ?? [];
    const time = this.now();
    for (let unit = 0; unit < cost; unit++) times.push(time);
    trim(times, time, retentionOf(rule));
    this.logs.set(key, times, times.length);
    return time;
  }

  private remove(key: string, cost: number, time: number): void {
    const times = this.logs.get(key);
    if (!times) return;
    const end = firstAfter(times, time);
    times.splice(Math.max(0, end - cost), cost);
    this.logs.set(key, times, times.length);
  }
}

function trim(times: Times, now: number, kept: { seconds: number; units: number }): void {
  const superfluous = Math.max(firstAfter(times, now - kept.seconds * 1_000), times.length - kept.units);
  // In strides: moving a long array for every call would cost more than it frees.
  if (superfluous > times.length / 2) times.splice(0, superfluous);
}

/** The index of the first time after `time`, by bisection. */
function firstAfter(times: Times, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
