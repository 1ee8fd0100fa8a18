import { applyDecorators, Inject } from '@nestjs/common';
import { ApiProblem, rateLimitPath } from '@repo/contracts';
import {
  clientNetwork,
  isReached,
  type RepeatedRequest,
  type RequestContext,
  requestContext,
  wrapHandler,
} from '@repo/core';
import { RateLimitRules } from './rate-limit-rules.js';
import { RateLimiter } from './rate-limiter.js';
import { headersOf, refusalOf } from './refusal.js';
import { RefusalIndex } from './refusal-index.js';

const LIMITER = Symbol('RateLimiter');
const RULES = Symbol('RateLimitRules');
const REFUSALS = Symbol('RefusalIndex');

interface LimitedController {
  [LIMITER]: RateLimiter;
  [RULES]: RateLimitRules;
  [REFUSALS]: RefusalIndex;
}

type IsReached = (request: RepeatedRequest) => boolean;

/**
 * Limits how often a caller may call a route. Calls are counted per user, or per client network without a token. An
 * invalid request (422) is not counted, because the handler is called after validation.
 */
export function RateLimit(): MethodDecorator {
  return applyDecorators(
    (target, name, descriptor) => {
      Inject(RateLimiter)(target, LIMITER);
      Inject(RateLimitRules)(target, RULES);
      Inject(RefusalIndex)(target, REFUSALS);
      wrapHandler<LimitedController>(descriptor!, async (self, handle) => {
        const reached: IsReached = (request) => isReached(wrapped, target, name, request);
        if (self[LIMITER].enabled) await admit(self, reached);
        return handle();
      });
      const wrapped = descriptor!.value as object;
    },
    ApiProblem(429, 'Rate limit exceeded.'),
  );
}

/** Limits the running HTTP request by its caller and its route, and sets the rate-limit headers of the response. */
async function admit(self: LimitedController, isReached: IsReached): Promise<void> {
  const context = requestContext();
  if (!context?.route || !context.reply) throw new Error('@RateLimit() works on HTTP routes only');

  const path = rateLimitPath(context.route);
  const caller = callerOf(context);
  const rule = await self[RULES].ruleFor(context.user, path);
  const result = await self[LIMITER].admit({ caller, path, rule });
  for (const [name, value] of Object.entries(headersOf(path, rule, result)))
    context.reply.header(name, value);
  if (result.allowed) return;
  if (context.user) self[REFUSALS].set(context, { caller, path, rule, isReached });
  throw refusalOf(path, rule, result).error;
}

function callerOf({ user, clientAddress }: RequestContext): string {
  return user ? `user:${user.id}` : `ip:${clientAddress ? clientNetwork(clientAddress) : 'unknown'}`;
}
