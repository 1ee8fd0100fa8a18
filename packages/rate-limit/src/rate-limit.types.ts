/** At most `limit` units in any `period` seconds. */
export interface RateLimitRule {
  limit: number;
  period: number;
}

export interface RateLimitUsage {
  limit: number;
  remaining: number;
  /** Seconds until `remaining` grows; 0 while nothing is used. */
  resetSeconds: number;
}

export interface RateLimitVerdict extends RateLimitUsage {
  allowed: boolean;
  /** Seconds until the same call may be admitted; 0 when it was. */
  retryAfterSeconds: number;
}

/** A user as a caller of `RateLimitCall`. */
export const userCaller = (userId: number): string => `user:${userId}`;

/** A call to decide on: its caller and its route. */
export interface RateLimitCall {
  /** `user:<id>`, `ip:<address>` or another key. */
  caller: string;
  /** Normalised: see `normalizePath`. */
  path: string;
  rule: RateLimitRule;
}

/** Knows the rule of a user's tier for a path; null when there is none. */
export interface RuleSource {
  ruleFor(userId: number, path: string): Promise<RateLimitRule | null>;
}

/** The form in which rules name a route: `/api/v1/user/{username}/` is `api_v1_user_{username}`. */
export function normalizePath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '').replaceAll('/', '_');
}
