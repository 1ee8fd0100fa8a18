import { Injectable } from '@nestjs/common';
import { rateLimitPath } from '@repo/contracts';
import { clientNetwork, type RequestContext, requestContext, TooManyRequestsError } from '@repo/core';
import { RateLimitRules } from './rate-limit-rules.js';
import { RateLimiter } from './rate-limiter.js';

/** Limits the running HTTP request by its caller and its route, and sets the rate-limit headers of the response. */
@Injectable()
export class RouteRateLimiter {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly rules: RateLimitRules,
  ) {}

  /** @throws TooManyRequestsError */
  async admit(): Promise<void> {
    if (!this.limiter.enabled) return;
    const context = requestContext();
    if (!context?.route || !context.reply) throw new Error('@RateLimit() works on HTTP routes only');

    const path = rateLimitPath(context.route);
    const rule = await this.rules.ruleFor(context.user, path);
    const result = await this.limiter.admit({ caller: callerOf(context), path, rule });
    // Header fields of draft-ietf-httpapi-ratelimit-headers-11. The name of the policy is the route.
    const policy = `"${path.replace(/["\\]/g, '')}"`;
    context.reply.header('RateLimit-Policy', `${policy};q=${rule.limit};w=${rule.period}`);
    context.reply.header('RateLimit', `${policy};r=${result.remaining};t=${Math.ceil(result.resetSeconds)}`);
    if (!result.allowed) throw new TooManyRequestsError('Rate limit exceeded.', result);
  }
}

function callerOf({ user, clientAddress }: RequestContext): string {
  return user ? `user:${user.id}` : `ip:${clientAddress ? clientNetwork(clientAddress) : 'unknown'}`;
}
