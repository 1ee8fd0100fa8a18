import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** The route takes bodies of this many bytes, instead of the few that the others take. */
export const BodyLimit = (bytes: number) => RouteConfig({ bodyLimit: bytes });

/** Lets each route have the limit that it declares; before the routes are made. */
export function registerBodyLimits(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as { bodyLimit?: number };
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
}
