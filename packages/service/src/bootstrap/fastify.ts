import { compile } from '@fastify/proxy-addr';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import { BadRequestError } from '@repo/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { respondToClientError } from '../http/client-error.js';
import { sendProblem } from '../http/error.filter.js';
import { REQUEST_DEADLINE_MS, requestIdOf } from '../http/request-hooks.js';

/** Longer than the gateway keeps idle connections, so that the gateway never sends a request into a closed one. */
const KEEP_ALIVE_MS = 75_000;
const READ_TIMEOUT_MS = 15_000;
/** Shorter than READ_TIMEOUT_MS, because Node applies the longer of the two to the whole request. */
const HEADERS_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_MS = 2_000;

/** Bytes of a body, unless the route has `@BodyLimit()`. The gateway has the same limit. */
const BODY_LIMIT = 16 * 1024;

/** Fits the longest valid URL: a task's message of 10,000 characters, each of them twelve bytes when encoded. */
const MAX_HEADER_BYTES = 160 * 1024;

const isPrivate = compile(['loopback', 'uniquelocal']);

export function createFastifyAdapter(): FastifyAdapter {
  const options = {
    bodyLimit: BODY_LIMIT,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    // X-Forwarded-For is trusted from the gateway only, which is the first hop and in a private network.
    trustProxy: (address: string, hop: number) => hop === 0 && isPrivate(address, hop),
    requestIdHeader: false,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: READ_TIMEOUT_MS,
    handlerTimeout: REQUEST_DEADLINE_MS,
    connectionTimeout: 0,
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
