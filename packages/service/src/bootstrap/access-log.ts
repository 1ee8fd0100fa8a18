import type { AccessLog } from '@repo/observability';
import type { FastifyInstance } from 'fastify';
import { contextOf } from '../http/request-hooks.js';

export function registerAccessLog(fastify: FastifyInstance, accessLog: AccessLog): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const context = contextOf(request);
    accessLog.record({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: reply.elapsedTime,
      origin: context ?? { requestId: String(request.id) },
      userId: context?.user?.id,
    });
    done();
  });
}
