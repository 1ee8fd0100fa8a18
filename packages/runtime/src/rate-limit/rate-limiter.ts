import { boundKey, encodeKeyPart, type RedisClient } from '../redis/index.js';
import { BlockedCallers } from './blocked-callers.js';
import { LocalLog } from './local-log.js';
import type { RateLimitCall, RateLimitRule, RateLimitUsage, RateLimitVerdict } from './rate-limit.types.js';
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
  async admit({ caller, path, rule, cost = 1 }: RateLimitCall): Promise<RateLimitVerdict> {
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
    // What this process admitted by itself, Redis may not know of.
    const own = this.local.judge(key, rule, cost);
    if (!own.allowed) return own;

    const startedAt = this.now();
    const verdict = await this.decide(key, rule, cost, startedAt);
    if (verdict.remaining === 0 && verdict.resetSeconds > 0) {
      this.blocked.add(key, rule, startedAt + verdict.resetSeconds * 1_000);
    }
    return verdict;
  }

  /** What a caller has left, without using any of it. */
  async usage({ caller, path, rule }: Omit<RateLimitCall, 'cost'>): Promise<RateLimitUsage> {
    const key = keyOf(caller, path);
    const { limit, remaining, resetSeconds } = this.enabled
      ? await this.shared.admit(key, rule, 0).catch(() => this.local.judge(key, rule, 0))
      : { limit: rule.limit, remaining: rule.limit, resetSeconds: 0 };
    return { limit, remaining, resetSeconds };
  }

  private async decide(
    key: string,
    rule: RateLimitRule,
    cost: number,
    time: number,
  ): Promise<RateLimitVerdict> {
    try {
      const verdict = await this.shared.admit(key, rule, cost);
      if (verdict.allowed) this.local.record(key, rule, cost, time);
      return verdict;
    } catch {
      return this.local.admit(key, rule, cost);
    }
  }
}

function keyOf(caller: string, path: string): string {
  return `limits:${boundKey(`${encodeKeyPart(caller)}:${encodeKeyPart(path)}`)}`;
}
