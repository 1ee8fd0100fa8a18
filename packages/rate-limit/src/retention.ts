import type { RateLimitRule } from './rate-limit.types.js';

const MIN_SECONDS = 3_600;
const MIN_CALLS = 1_000;

/**
 * How much of a log is kept: more than its rule looks at, because a rule that is changed to a longer period must see
 * the calls from before.
 */
export function retentionOf({ limit, period }: RateLimitRule): { seconds: number; calls: number } {
  return { seconds: Math.max(period, MIN_SECONDS), calls: Math.max(limit, MIN_CALLS) };
}
