import {
  clientNetwork,
  type HttpReply,
  type RequestContext,
  requestContext,
  TooManyRequestsError,
} from '@repo/core';
import type { RateLimitRules } from './rate-limit-rules.js';
import { normalizePath, type RateLimitRule, type RateLimitVerdict, userCaller } from './rate-limit.types.js';
import type { RateLimiter } from './rate-limiter.js';

/** Stands before limited routes: lets a call pass, or refuses it, and tells the client what is left. */
export class RateLimitGate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly rules: RateLimitRules,
  ) {}

  /** @throws TooManyRequestsError */
  async pass(): Promise<void> {
    if (!this.limiter.enabled) return;
    const context = requestContext();
    if (!context?.route || !context.reply) throw new Error('@RateLimit() works on HTTP routes only');

    const path = normalizePath(context.route);
    const rule = await this.rules.ruleFor(context.user, path);
    const verdict = await this.limiter.admit({ caller: callerOf(context), path, rule });
    announce(context.reply, path, rule, verdict);
    if (!verdict.allowed) {
      throw new TooManyRequestsError('Rate limit exceeded.', {
        retryAfterSeconds: verdict.retryAfterSeconds,
      });
    }
  }
}

function callerOf({ user, clientAddress }: RequestContext): string {
  return user ? userCaller(user.id) : `ip:${clientAddress ? clientNetwork(clientAddress) : 'unknown'}`;
}

/** The header fields of draft-ietf-httpapi-ratelimit-headers-11; the policy is named after the route. */
function announce(reply: HttpReply, path: string, rule: RateLimitRule, verdict: RateLimitVerdict): void {
  const policy = `"${path.replace(/["\\]/g, '')}"`;
  reply.header('RateLimit-Policy', `${policy};q=${rule.limit};w=${rule.period}`);
  reply.header('RateLimit', `${policy};r=${verdict.remaining};t=${Math.ceil(verdict.resetSeconds)}`);
}
