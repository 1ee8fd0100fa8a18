import { traceIdOf } from '@repo/core';
import type { Metrics } from '@repo/observability';
import type { FastifyInstance } from 'fastify';
import type { Logger as Pino } from 'pino';
import { contextOf } from '../http/request-hooks.js';

/** Logs and measures each request. The path is the template of the route, which has no names and no tokens. */
export function registerAccessLog(fastify: FastifyInstance, pino: Pino, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const context = contextOf(request);
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    metrics.httpDuration.observe({ method, route, status }, reply.elapsedTime / 1000);
    pino.info(
      {
        method,
        route,
        status,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        request_id: request.id,
        trace_id: traceIdOf(context?.traceparent),
        user_id: context?.user?.id,
      },
      `${method} ${route} ${status}`,
    );
    done();
  });
}
