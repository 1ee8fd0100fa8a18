import { applyDecorators, Inject } from '@nestjs/common';
import { ApiRateLimit, rateLimitPath } from '@repo/contracts';
import { isReached, type RepeatedRequest, requestContext, wrapHandler } from '@repo/core';
import { admitRequest, networkOf } from './admit-request.js';
import { RateLimitRules } from './rate-limit-rules.js';
import { RateLimiter } from './rate-limiter.js';
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
  return applyDecorators((target, name, descriptor) => {
    Inject(RateLimiter)(target, LIMITER);
    Inject(RateLimitRules)(target, RULES);
    Inject(RefusalIndex)(target, REFUSALS);
    wrapHandler<LimitedController>(descriptor!, async (self, handle) => {
      const reached: IsReached = (request) => isReached(wrapped, target, name, request);
      if (self[LIMITER].enabled) await admit(self, reached);
      return handle();
    });
    const wrapped = descriptor!.value as object;
  }, ApiRateLimit());
}

/** Limits the running HTTP request by its caller and its route. */
async function admit(self: LimitedController, isReached: IsReached): Promise<void> {
  const context = requestContext();
  if (!context?.route) throw new Error('@RateLimit() works on HTTP routes only');

  const path = rateLimitPath(context.route);
  const { user } = context;
  const caller = user ? `user:${user.id}` : networkOf(context);
  const rule = await self[RULES].ruleFor(user, path);
  const refused = await admitRequest(self[LIMITER], { caller, path, rule });
  if (!refused) return;
  if (user) self[REFUSALS].set(context, { caller, path, rule, isReached });
  throw refused;
}
