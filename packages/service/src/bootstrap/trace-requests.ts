import { traceIdOf } from '@repo/core';
import { type Span, startSpan } from '@repo/observability';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { contextOf } from '../http/request-hooks.js';

/** Creates a span for each request, in the trace of its `traceparent` or in a new one. */
export function traceRequests(fastify: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, Span>();

  fastify.addHook('preHandler', (request, _reply, done) => {
    const context = contextOf(request);
    const parent = traceIdOf(request.headers.traceparent as string | undefined);
    const name = `${request.method} ${context?.route ?? 'none'}`;
    const span = startSpan(name, 'server', parent && context?.traceparent);
    if (context && span) {
      context.traceparent = span.traceparent;
      spans.set(request, span);
    }
    done();
  });

  fastify.addHook('onResponse', (request, { statusCode }, done) => {
    const attributes = {
      'http.request.method': request.method,
      'http.route': contextOf(request)?.route ?? 'none',
      'http.response.status_code': statusCode,
    };
    spans.get(request)?.end(attributes, statusCode >= 500 ? statusCode : undefined);
    done();
  });
}
