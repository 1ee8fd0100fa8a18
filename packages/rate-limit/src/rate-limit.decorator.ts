import { applyDecorators, Inject } from '@nestjs/common';
import { ApiProblem } from '@repo/contracts';
import { wrapHandler } from '@repo/core';
import { RouteRateLimiter } from './route-rate-limiter.js';

const LIMITER = Symbol('RouteRateLimiter');

/**
 * Limits how often a caller may call a route. Calls are counted per user, or per client network without a token. An
 * invalid request (422) is not counted, because the handler is called after validation.
 */
export function RateLimit(): MethodDecorator {
  return applyDecorators(
    (target, _name, descriptor) => {
      Inject(RouteRateLimiter)(target, LIMITER);
      wrapHandler<{ [LIMITER]: RouteRateLimiter }>(descriptor!, async (self, handle) => {
        await self[LIMITER].admit();
        return handle();
      });
    },
    ApiProblem(429, 'Rate limit exceeded.'),
  );
}
