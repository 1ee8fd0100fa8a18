import { TextDecoder } from 'node:util';
import { AppError, BadRequestError, InvalidInputError } from '@repo/core';
import type { FastifyInstance } from 'fastify';

/** Levels of nesting. Deeper JSON overflows the stack of recursive code that reads it. */
export const MAX_JSON_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Makes `application/json` the only content type that is parsed; others are 415. */
export function registerJsonBody(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const encoding = request.headers['content-encoding'] ?? 'identity';
      if (encoding !== 'identity') throw new AppError(415, 'Unsupported Media Type');
      done(null, parseJson(body));
    } catch (error) {
      done(error as Error);
    }
  });
}

/**
 * @returns the value of a JSON text in UTF-8; undefined for an empty one
 * @throws InvalidInputError when it is not JSON
 * @throws BadRequestError when it is nested too deeply
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    throw invalid('The body is not valid JSON');
  }
  checkNesting(value, MAX_JSON_DEPTH);
  return value;
}

function invalid(msg: string): InvalidInputError {
  return new InvalidInputError({ loc: ['body'], type: 'json_invalid', msg });
}

function checkNesting(value: unknown, levels: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (levels === 0) throw new BadRequestError(`JSON may be nested ${MAX_JSON_DEPTH} levels deep at most`);
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__') throw invalid('The key __proto__ is not permitted');
    checkNesting(child, levels - 1);
  }
}
