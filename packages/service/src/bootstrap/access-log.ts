import { traceIdOf } from '@repo/core';
import type { Metrics } from '@repo/observability';
import type { FastifyInstance } from 'fastify';
import type { Logger as Pino } from 'pino';
import { contextOf } from '../http/index.js';

/** One log line and one measurement per request. The path is the route's template: no names, no tokens. */
export function registerAccessLog(fastify: FastifyInstance, pino: Pino, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const context = contextOf(request);
    const route = request.routeOptions.url ?? 'none';
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    metrics.httpDuration.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    pino.info(
      {
        method,
        route,
        status: reply.statusCode,
        ms: milliseconds,
        request_id: request.id,
        trace_id: traceIdOf(context?.traceparent),
        user_id: context?.user?.id,
      },
      `${method} ${route} ${reply.statusCode}`,
    );
    done();
  });
}
