import { applyDecorators, Inject } from '@nestjs/common';
import { ApiProblem } from '@repo/contracts';
import { wrapHandler } from '@repo/core';
import { RateLimitGate } from './rate-limit-gate.js';

const GATE = Symbol('RateLimitGate');

type WithGate = { [GATE]?: RateLimitGate };

/**
 * Limits how often a route may be called: per user, else per client address. It acts when the request has passed all
 * checks of its form, so a 422 uses up nothing.
 */
export function RateLimit(): MethodDecorator {
  return applyDecorators(
    (target, _name, descriptor) => {
      Inject(RateLimitGate)(target, GATE);
      wrapHandler<WithGate>(descriptor!, async (self, handle) => {
        await self[GATE]?.pass();
        return handle();
      });
    },
    ApiProblem(429, 'Rate limit exceeded.'),
  );
}
