import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';
import { BadRequestError } from '@repo/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerClientError, REQUEST_DEADLINE_MS, requestIdOf, sendProblem } from '../http/index.js';

/** Longer than the gateway keeps idle connections, so that it is never the one to find a closed one. */
const KEEP_ALIVE_MS = 75_000;
const READ_TIMEOUT_MS = 15_000;
/** Shorter than that of the whole request: Node takes the longer of the two for the whole. */
const HEADERS_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_MS = 2_000;

/** Bytes of the longest body; a route that takes more says so with `@BodyLimit()`. The gateway has the same limit. */
const BODY_LIMIT = 16 * 1024;

/** Longest legal address: a task's message of 10,000 characters, every one twelve bytes long in a query. */
const MAX_HEADER_BYTES = 160 * 1024;

export function createFastifyAdapter(): FastifyAdapter {
  const options = {
    bodyLimit: BODY_LIMIT,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    trustProxy: isPrivateAddress,
    requestIdHeader: false,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: READ_TIMEOUT_MS,
    handlerTimeout: REQUEST_DEADLINE_MS,
    connectionTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    // Requests that never reach a route: an unreadable path, say.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(new BadRequestError(), request, reply.header('X-Request-Id', request.id)),
  };
  return new FastifyAdapter(
    options as ConstructorParameters<typeof FastifyAdapter>[0],
  ) as unknown as FastifyAdapter;
}

const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
}
privateNetworks.addAddress('::1', 'ipv6');
privateNetworks.addSubnet('fc00::', 7, 'ipv6');

/** The client's address is taken from the gateway alone, which is the next hop and in a private network. */
function isPrivateAddress(address: string, hop: number): boolean {
  if (hop > 0) return false;
  const v4 = address.replace(/^::ffff:/, '');
  return v4.includes(':') ? privateNetworks.check(v4, 'ipv6') : privateNetworks.check(v4, 'ipv4');
}
