import { Inject, Injectable } from '@nestjs/common';
import type { RateLimitRule } from '@repo/contracts';
import { boundKey, encodeKeyPart, type RedisClient } from '@repo/redis';
import { LRUCache } from 'lru-cache';
import { LocalLog } from './local-log.js';
import { SlidingLog } from './sliding-log.js';

export const RATE_LIMIT_REDIS = Symbol('RATE_LIMIT_REDIS');

export interface RateLimitCall {
  /** The caller whose calls are counted together: `user:<id>`, `ip:<network>` or another key. */
  caller: string;
  /** The route, as `rateLimitPath` of contracts writes it. */
  path: string;
  rule: RateLimitRule;
}

export interface RateLimitResult {
  allowed: boolean;
  remaining: number;
  /** Seconds until `remaining` grows; 0 while no call is counted. */
  resetSeconds: number;
  /** Seconds until the same call may be admitted; 0 when it was admitted. */
  retryAfterSeconds: number;
}

const MAX_BLOCKED = 10_000;
const UNLIMITED = { allowed: true, resetSeconds: 0, retryAfterSeconds: 0 };

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
  constructor(@Inject(RATE_LIMIT_REDIS) redis?: RedisClient) {
    if (redis) this.shared = new SlidingLog(redis);
  }

  get enabled(): boolean {
    return this.shared !== undefined;
  }

  /** Decides on a call, and counts it if it is admitted. */
  async admit({ caller, path, rule }: RateLimitCall): Promise<RateLimitResult> {
    if (!this.shared) return { ...UNLIMITED, remaining: rule.limit };
    const blocked = this.refusal({ caller, path, rule });
    if (blocked) return blocked;
    const key = keyOf(caller, path);
    // The local log counts first: it has the calls of a Redis outage, and calls in flight to Redis.
    const { cancel, ...own } = this.local.admit(key, rule);
    if (!own.allowed) return own;

    const startedAt = performance.now();
    const result = await this.shared.decide(key, rule, { record: true }).catch(() => own);
    if (!result.allowed) cancel();
    if (result.remaining === 0 && result.resetSeconds > 0)
      this.blockedUntil.set(blockOf(key, rule), startedAt + result.resetSeconds * 1_000);
    return result;
  }

  /** The refusal of a call of a caller who is known to have no calls left. */
  refusal({ caller, path, rule }: RateLimitCall): RateLimitResult | undefined {
    const end = this.blockedUntil.get(blockOf(keyOf(caller, path), rule)) ?? 0;
    const seconds = (end - performance.now()) / 1_000;
    if (seconds <= 0) return undefined;
    return { allowed: false, remaining: 0, resetSeconds: seconds, retryAfterSeconds: seconds };
  }

  /** Decides on a call without counting it. */
  async check({ caller, path, rule }: RateLimitCall): Promise<RateLimitResult> {
    if (!this.shared) return { ...UNLIMITED, remaining: rule.limit };
    const key = keyOf(caller, path);
    return this.shared.decide(key, rule, { record: false }).catch(() => this.local.check(key, rule));
  }
}

function blockOf(key: string, { limit, period }: RateLimitRule): string {
  return `${key}:${limit}/${period}`;
}

function keyOf(caller: string, path: string): string {
  return `limits:${boundKey(`${encodeKeyPart(caller)}:${encodeKeyPart(path)}`)}`;
}
