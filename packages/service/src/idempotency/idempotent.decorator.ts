import { applyDecorators, Inject } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiProblem } from '@repo/contracts';
import { wrapHandler } from '@repo/core';
import { Idempotency } from './idempotency.js';

const IDEMPOTENCY = Symbol('Idempotency');

type WithIdempotency = { [IDEMPOTENCY]: Idempotency };

/**
 * Executes requests with the same `Idempotency-Key` once, and repeats the response for 24 hours. The service passes the
 * response to `tx.saveResponse()` in the transaction of the effect. Write the decorator above `@RateLimit()`, so that a
 * repeated request is not counted.
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    (target, _name, descriptor) => {
      Inject(Idempotency)(target, IDEMPOTENCY);
      wrapHandler<WithIdempotency>(
        descriptor!,
        (self, handle) => self[IDEMPOTENCY].run(handle),
        ({ headers }) => headers['idempotency-key'] === undefined,
      );
    },
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      // A quoted key may have more characters; the document states the form for new clients.
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[A-Za-z0-9._~-]+$' },
      description:
        'A new UUID for each thing to create. The same request with the same key within 24 hours is executed once and gets the same response. Another request with that key is a 422; one that arrives while the first is in progress may be a 409.',
    }),
    ApiProblem(409, 'A request with this Idempotency-Key is in progress.'),
    ApiProblem(422, 'This Idempotency-Key was used for another request.'),
  );
