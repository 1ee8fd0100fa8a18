import { applyDecorators, Inject } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiProblem } from '@repo/contracts';
import { wrapHandler } from '@repo/core';
import { Idempotency } from './idempotency.js';

const IDEMPOTENCY = Symbol('Idempotency');

type WithIdempotency = { [IDEMPOTENCY]: Idempotency };

/**
 * The route may be called again with the same `Idempotency-Key`: it acts once, and gives the same answer for 24 hours.
 * Its service passes that answer to `tx.saveResponse()` in the transaction of the effect. Write it above `@RateLimit()`, so
 * that a request which comes again uses up nothing.
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    (target, _name, descriptor) => {
      Inject(Idempotency)(target, IDEMPOTENCY);
      wrapHandler<WithIdempotency>(descriptor!, (self, handle) => self[IDEMPOTENCY].run(handle));
    },
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      description:
        'A UUID of the client’s, new for each thing to be created. The same request with the same key within 24 hours acts once and is answered alike; another request with that key is a 422, one that comes while the first still runs may be a 409.',
    }),
    ApiProblem(409, 'A request with this Idempotency-Key is in progress.'),
    ApiProblem(422, 'This Idempotency-Key was used for another request.'),
  );
