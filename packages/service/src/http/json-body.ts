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
 * @throws InvalidInputError when it is not JSON or has a number with an exponent or a fraction of zeros
 * @throws BadRequestError when it is nested too deeply
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw invalid('json_invalid', 'The body is not valid UTF-8');
  }
  if (depthOf(text) > MAX_JSON_DEPTH)
    throw new BadRequestError(`JSON may be nested ${MAX_JSON_DEPTH} levels deep at most`);
  let plainNumbers = true;
  const revive = (key: string, value: unknown, { source = '' }: { source?: string } = {}): unknown => {
    if (key === '__proto__') throw invalid('json_invalid', 'The key __proto__ is not permitted');
    if (typeof value === 'number' && /e|\.0+$/i.test(source)) plainNumbers = false;
    return value;
  };
  let value: unknown;
  try {
    value = JSON.parse(text, revive);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw invalid('json_invalid', 'The body is not valid JSON');
  }
  if (!plainNumbers) throw invalid('int_parsing', 'Numbers should be plain: 100, not 1e2 or 100.0');
  return value;
}

function invalid(type: 'json_invalid' | 'int_parsing', msg: string): InvalidInputError {
  return new InvalidInputError([{ loc: ['body'], type, msg }]);
}

/** The deepest nesting of brackets outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString && char === '\\') i++;
    else if (char === '"') inString = !inString;
    else if (inString) continue;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}
