import { createHash, randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { type RequestContext, runInContext, traceparentOf } from '@repo/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export const REQUEST_DEADLINE_MS = 5_000;

const REQUEST_ID = /^[A-Za-z0-9._-]{8,128}$/;
const CONTEXT = Symbol('context');

type WithContext = FastifyRequest & { [CONTEXT]?: RequestContext };

/** The request id of the client if it is valid, otherwise a new one. */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Sets the context of each request, and the request id, caching headers and ETag of each response. */
export function registerRequestHooks(fastify: FastifyInstance, options: { clientCacheMaxAge: number }): void {
  const cacheControl = publicCacheControl(options.clientCacheMaxAge);
  fastify.addHook('preHandler', (request, reply, done) => {
    const context: RequestContext = {
      requestId: String(request.id),
      traceparent: traceparentOf(request.headers.traceparent),
      deadline: Date.now() + REQUEST_DEADLINE_MS,
      clientAddress: isIP(request.ip) ? request.ip : undefined,
      method: request.method,
      route: request.routeOptions.url?.replace(/:([A-Za-z_]\w*)/g, '{$1}'),
      request,
      reply,
    };
    (request as WithContext)[CONTEXT] = context;
    runInContext(context, done);
  });

  fastify.addHook('onSend', (request, reply, payload, done) => {
    reply.header('X-Request-Id', request.id);
    if (reply.hasHeader('cache-control')) return done(null, payload);
    const isPublic = (request as WithContext)[CONTEXT]?.publicResponse && reply.statusCode === 200;
    reply.header('Cache-Control', isPublic ? cacheControl : 'no-store');
    done(null, isPublic ? withEtag(request, reply, payload) : payload);
  });
}

/** `Cache-Control` of public responses. Clients revalidate by default, so that they see their own changes. */
export function publicCacheControl(maxAge: number): string {
  return maxAge > 0 ? `public, max-age=${maxAge}` : 'public, no-cache';
}

/** The context of a request, for hooks that run outside of its async context. */
export function contextOf(request: FastifyRequest): RequestContext | undefined {
  return (request as WithContext)[CONTEXT];
}

function withEtag(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
  const computed = () => `"${createHash('sha1').update(payload).digest('base64url')}"`;
  const etag = (reply.getHeader('etag') as string | undefined) ?? computed();
  reply.header('ETag', etag);
  if (!matchesEtag(request.headers['if-none-match'], etag)) return payload;
  reply.code(304).removeHeader('content-length');
  reply.removeHeader('content-type');
  return null;
}

export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
