import type { RateLimitRule } from '@repo/contracts';
import { TooManyRequestsError } from '@repo/core';
import type { RateLimitResult } from './rate-limiter.js';

/** Header fields of draft-ietf-httpapi-ratelimit-headers-11. The name of the policy is the route. */
export function headersOf(
  path: string,
  { limit, period }: RateLimitRule,
  { remaining, resetSeconds }: RateLimitResult,
): Record<string, string> {
  const policy = `"${path.replace(/["\\]/g, '')}"`;
  return {
    'RateLimit-Policy': `${policy};q=${limit};w=${period}`,
    RateLimit: `${policy};r=${remaining};t=${Math.ceil(resetSeconds)}`,
  };
}

export function refusalOf(path: string, rule: RateLimitRule, result: RateLimitResult) {
  return {
    error: new TooManyRequestsError('Rate limit exceeded.', result),
    headers: headersOf(path, rule, result),
  };
}
