import type { RateLimitRule } from '@repo/contracts';

/** A call that is limited. */
export interface RateLimitCall {
  /** Whose calls are counted together: `user:<id>`, `ip:<network>` or another key. */
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

/** Loads the rules of tiers. A service that has users of tiers provides one. */
export abstract class RuleSource {
  /** @returns the rule of the user's tier for a path; null when it has none */
  abstract ruleFor(userId: number, path: string): Promise<RateLimitRule | null>;
}
