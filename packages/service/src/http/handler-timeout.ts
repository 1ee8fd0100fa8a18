import { UnavailableError } from '@repo/core';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './error.filter.js';
import { isStreaming } from './streams.js';

/**
 * Responds with 503 when a handler has not responded after `timeoutMs`. Fastify's `handlerTimeout` creates an
 * AbortSignal and its error for every request, which costs as much as the routing.
 */
export function registerHandlerTimeout(fastify: FastifyInstance, timeoutMs: number): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isStreaming(request)) return done();
    const timer = setTimeout(() => sendProblem(new UnavailableError(), request, reply), timeoutMs);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
}
