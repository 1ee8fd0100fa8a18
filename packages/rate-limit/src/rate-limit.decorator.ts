import { applyDecorators, Inject } from '@nestjs/common';
import { ApiProblem, rateLimitPath } from '@repo/contracts';
import {
  clientNetwork,
  type RequestContext,
  requestContext,
  TooManyRequestsError,
  wrapHandler,
} from '@repo/core';
import { RateLimitRules } from './rate-limit-rules.js';
import { RateLimiter } from './rate-limiter.js';

const LIMITER = Symbol('RateLimiter');
const RULES = Symbol('RateLimitRules');

/**
 * Limits how often a caller may call a route. Calls are counted per user, or per client network without a token. An
 * invalid request (422) is not counted, because the handler is called after validation.
 */
export function RateLimit(): MethodDecorator {
  return applyDecorators(
    (target, _name, descriptor) => {
      Inject(RateLimiter)(target, LIMITER);
      Inject(RateLimitRules)(target, RULES);
      wrapHandler<{ [LIMITER]: RateLimiter; [RULES]: RateLimitRules }>(descriptor!, async (self, handle) => {
        if (self[LIMITER].enabled) await admit(self[LIMITER], self[RULES]);
        return handle();
      });
    },
    ApiProblem(429, 'Rate limit exceeded.'),
  );
}

/** Limits the running HTTP request by its caller and its route, and sets the rate-limit headers of the response. */
async function admit(limiter: RateLimiter, rules: RateLimitRules): Promise<void> {
  const context = requestContext();
  if (!context?.route || !context.reply) throw new Error('@RateLimit() works on HTTP routes only');

  const path = rateLimitPath(context.route);
  const rule = await rules.ruleFor(context.user, path);
  const result = await limiter.admit({ caller: callerOf(context), path, rule });
  // Header fields of draft-ietf-httpapi-ratelimit-headers-11. The name of the policy is the route.
  const policy = `"${path.replace(/["\\]/g, '')}"`;
  context.reply.header('RateLimit-Policy', `${policy};q=${rule.limit};w=${rule.period}`);
  context.reply.header('RateLimit', `${policy};r=${result.remaining};t=${Math.ceil(result.resetSeconds)}`);
  if (!result.allowed) throw new TooManyRequestsError('Rate limit exceeded.', result);
}

function callerOf({ user, clientAddress }: RequestContext): string {
  return user ? `user:${user.id}` : `ip:${clientAddress ? clientNetwork(clientAddress) : 'unknown'}`;
}
