import { LRUCache } from 'lru-cache';
import type { RateLimitRule, RateLimitVerdict } from './rate-limit.types.js';

interface Block extends RateLimitRule {
  until: number;
}

const MAX_CALLERS = 10_000;

/** Callers that have nothing left: until the oldest of their calls leaves the period, nobody needs to be asked. */
export class BlockedCallers {
  private readonly blocks = new LRUCache<string, Block>({ max: MAX_CALLERS });

  constructor(private readonly now: () => number) {}

  add(key: string, { limit, period }: RateLimitRule, until: number): void {
    this.blocks.set(key, { limit, period, until });
  }

  /** The refusal of a known caller; undefined when it is not known, or under another rule. */
  refusal(key: string, { limit, period }: RateLimitRule): RateLimitVerdict | undefined {
    const block = this.blocks.get(key);
    if (!block) return undefined;
    const seconds = (block.until - this.now()) / 1_000;
    if (seconds <= 0 || block.limit !== limit || block.period !== period) {
      this.blocks.delete(key);
      return undefined;
    }
    return { allowed: false, limit, remaining: 0, resetSeconds: seconds, retryAfterSeconds: seconds };
  }
}
