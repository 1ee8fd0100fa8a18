import { boundKey, encodeKeyPart, type RedisClient } from '@repo/redis';
import { BlockedCallers } from './blocked-callers.js';
import { LocalLog } from './local-log.js';
import type { RateLimitCall, RateLimitUsage, RateLimitVerdict } from './rate-limit.types.js';
import { SlidingLog } from './sliding-log.js';

/** Admits calls: exactly, over all replicas and in any sliding period. Without Redis, each process by itself. */
export class RateLimiter {
  private readonly shared: SlidingLog;
  private readonly local: LocalLog;
  private readonly blocked: BlockedCallers;

  constructor(
    redis: RedisClient,
    readonly enabled = true,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.shared = new SlidingLog(redis);
    this.local = new LocalLog(now);
    this.blocked = new BlockedCallers(now);
  }

  /** Decides on a call, and counts it when it is admitted. */
  async admit({ caller, path, rule }: RateLimitCall): Promise<RateLimitVerdict> {
    if (!this.enabled) {
      return {
        allowed: true,
        limit: rule.limit,
        remaining: rule.limit,
        resetSeconds: 0,
        retryAfterSeconds: 0,
      };
    }
    const key = keyOf(caller, path);
    const refusal = this.blocked.refusal(key, rule);
    if (refusal) return refusal;
    // Counted here first: Redis may not know what this process admitted alone, and parallel calls must see each other.
    const { cancel, ...own } = this.local.admit(key, rule);
    if (!own.allowed) return own;

    const startedAt = this.now();
    const verdict = await this.shared.admit(key, rule).catch(() => own);
    if (!verdict.allowed) cancel();
    if (verdict.remaining === 0 && verdict.resetSeconds > 0) {
      this.blocked.add(key, rule, startedAt + verdict.resetSeconds * 1_000);
    }
    return verdict;
  }

  /** What a caller has left, without using any of it. */
  async usage({ caller, path, rule }: RateLimitCall): Promise<RateLimitUsage> {
    const key = keyOf(caller, path);
    const { limit, remaining, resetSeconds } = this.enabled
      ? await this.shared.check(key, rule).catch(() => this.local.check(key, rule))
      : { limit: rule.limit, remaining: rule.limit, resetSeconds: 0 };
    return { limit, remaining, resetSeconds };
  }
}

function keyOf(caller: string, path: string): string {
  return `limits:${boundKey(`${encodeKeyPart(caller)}:${encodeKeyPart(path)}`)}`;
}
