import { compile } from '@fastify/proxy-addr';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { IncomingMessage, RequestListener } from 'node:http';
import { BadRequestError } from '@repo/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { respondToClientError } from '../http/client-error.js';
import type { EarlyResponder } from '../http/early-responder.js';
import { sendProblem } from '../http/error.filter.js';
import { requestIdOf } from '../http/request-hooks.js';

const isPrivate = compile(['loopback', 'uniquelocal']);

/** The longest parameter of a path, which is the longest name in a message between services. A longer one is 404. */
export const MAX_PARAM_LENGTH = 255;

export function createFastifyAdapter(early: EarlyResponder): FastifyAdapter {
  const options = {
    // In bytes, unless the route has `@BodyLimit()`. The gateway has the same limit.
    bodyLimit: 16 * 1024,
    serverFactory: (fastify: RequestListener) =>
      early.createServer(fastify, {
        // Fits the longest valid URL: a task's message of 10,000 characters, each of them twelve bytes when encoded.
        maxHeaderSize: 160 * 1024,
        // Shorter than `requestTimeout`, because Node applies the longer of the two to the whole request.
        headersTimeout: 10_000,
        requestTimeout: 15_000,
        connectionsCheckingInterval: 2_000,
        // Longer than the gateway keeps idle connections, so that the gateway never sends a request into a closed one.
        keepAliveTimeout: 75_000,
      }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAM_LENGTH },
    // X-Forwarded-For is trusted from the gateway only, which is the first hop and in a private network.
    trustProxy: (address: string, hop: number) => hop === 0 && isPrivate(address, hop),
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: respondToClientError,
    // Requests that reach no route: a path that cannot be decoded, for example.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(new BadRequestError(), request, reply.header('X-Request-Id', request.id)),
  };
  return new FastifyAdapter(
    options as ConstructorParameters<typeof FastifyAdapter>[0],
  ) as unknown as FastifyAdapter;
}
