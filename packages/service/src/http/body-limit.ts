import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** Sets the largest body of a route, in bytes. The default is 16 KiB. */
export const BodyLimit = (bytes: number) => RouteConfig({ bodyLimit: bytes });

/** Applies `@BodyLimit()`. Has to be registered before the routes. */
export function registerBodyLimits(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as { bodyLimit?: number };
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
}
