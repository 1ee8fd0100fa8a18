import { Inject, Injectable, Optional } from '@nestjs/common';
import { boundKey, encodeKeyPart, RATE_LIMIT_REDIS, type RedisClient } from '@repo/redis';
import { LRUCache } from 'lru-cache';
import { LocalLog } from './local-log.js';
import type { RateLimitCall, RateLimitResult, RateLimitUsage } from './rate-limit.types.js';
import { SlidingLog } from './sliding-log.js';

const MAX_BLOCKED = 10_000;

/**
 * Limits calls by a sliding log in Redis: in any period at most `limit` calls, over all replicas. While Redis is
 * unavailable, each process limits with a log in its memory.
 */
@Injectable()
export class RateLimiter {
  private readonly shared?: SlidingLog;
  private readonly local = new LocalLog();
  /** End (`performance.now()`) of each block by key and rule. Calls of blocked callers need no request to Redis. */
  private readonly blockedUntil = new LRUCache<string, number>({ max: MAX_BLOCKED });

  /** @param redis without it the limiter is disabled and admits every call */
  constructor(@Optional() @Inject(RATE_LIMIT_REDIS) redis?: RedisClient) {
    if (redis) this.shared = new SlidingLog(redis);
  }

  get enabled(): boolean {
    return this.shared !== undefined;
  }

  /** Decides on a call, and counts it if it is admitted. */
  async admit({ caller, path, rule }: RateLimitCall): Promise<RateLimitResult> {
    const { limit, period } = rule;
    if (!this.shared)
      return { allowed: true, limit, remaining: limit, resetSeconds: 0, retryAfterSeconds: 0 };
    const key = keyOf(caller, path);
    const block = `${key}:${limit}/${period}`;
    const blockedSeconds = ((this.blockedUntil.get(block) ?? 0) - performance.now()) / 1_000;
    if (blockedSeconds > 0)
      return {
        allowed: false,
        limit,
        remaining: 0,
        resetSeconds: blockedSeconds,
        retryAfterSeconds: blockedSeconds,
      };
    // The local log counts first: it has the calls of a Redis outage, and calls in flight to Redis.
    const { cancel, ...own } = this.local.admit(key, rule);
    if (!own.allowed) return own;

    const startedAt = performance.now();
    const result = await this.shared.admit(key, rule).catch(() => own);
    if (!result.allowed) cancel();
    if (result.remaining === 0 && result.resetSeconds > 0)
      this.blockedUntil.set(block, startedAt + result.resetSeconds * 1_000);
    return result;
  }

  /** The remaining calls of a caller. Nothing is counted. */
  async usage({ caller, path, rule }: RateLimitCall): Promise<RateLimitUsage> {
    if (!this.shared) return { limit: rule.limit, remaining: rule.limit, resetSeconds: 0 };
    const key = keyOf(caller, path);
    const result = await this.shared.check(key, rule).catch(() => this.local.check(key, rule));
    return { limit: result.limit, remaining: result.remaining, resetSeconds: result.resetSeconds };
  }
}

function keyOf(caller: string, path: string): string {
  return `limits:${boundKey(`${encodeKeyPart(caller)}:${encodeKeyPart(path)}`)}`;
}
