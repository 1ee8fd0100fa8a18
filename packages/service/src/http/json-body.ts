import { TextDecoder } from 'node:util';
import { AppError, BadRequestError, InvalidInputError } from '@repo/core';
import type { FastifyInstance } from 'fastify';

/** Deeper JSON is no input of ours, and recursive readers of it would run out of stack. */
export const MAX_JSON_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Accepts `application/json` alone (forms are for the routes that ask for them) and refuses what is not well formed. */
export function registerJsonBody(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      if (
        request.headers['content-encoding'] !== undefined &&
        request.headers['content-encoding'] !== 'identity'
      ) {
        throw new AppError(415, 'Unsupported Media Type');
      }
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/**
 * @returns the value of a JSON text in UTF-8; undefined for an empty one
 * @throws InvalidInputError when it is not JSON or has a number that is not plain, BadRequestError when it is nested
 * too deeply
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw invalidJson('The body is not valid UTF-8');
  }
  const { depth, hasOddNumber } = inspect(text);
  if (depth > MAX_JSON_DEPTH)
    throw new BadRequestError(`JSON may be nested ${MAX_JSON_DEPTH} levels deep at most`);
  const value = parse(text);
  if (hasOddNumber) throw invalid('int_parsing', 'Numbers should be plain: 100, not 1e2 or 100.0');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, refusePrototypes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw invalidJson('The body is not valid JSON');
  }
}

function refusePrototypes(key: string, value: unknown): unknown {
  if (key === '__proto__') throw invalidJson('The key __proto__ is not permitted');
  return value;
}

function invalidJson(msg: string): InvalidInputError {
  return invalid('json_invalid', msg);
}

function invalid(type: 'json_invalid' | 'int_parsing', msg: string): InvalidInputError {
  return new InvalidInputError([{ loc: ['body'], type, msg }]);
}

/** What stands outside of strings: the deepest nesting of brackets, and numbers with an exponent or an idle fraction. */
function inspect(text: string): { depth: number; hasOddNumber: boolean } {
  let depth = 0;
  let deepest = 0;
  let hasOddNumber = false;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x7d || char === 0x5d) depth--;
    else if (char === 0x65 || char === 0x45) hasOddNumber ||= isDigit(text.charCodeAt(i - 1));
    else if (char === 0x2e) hasOddNumber ||= isIdleFraction(text, i + 1);
  }
  return { depth: deepest, hasOddNumber };
}

function isIdleFraction(text: string, start: number): boolean {
  let end = start;
  while (text.charCodeAt(end) === 0x30) end++;
  return !isDigit(text.charCodeAt(end));
}

const isDigit = (char: number) => char >= 0x30 && char <= 0x39;
