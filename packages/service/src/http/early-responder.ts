import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type EarlyResponse, type EarlyResponses, traceparentOf } from '@repo/core';
import { type AccessLog, startSpan } from '@repo/observability';
import type { Draining } from './draining.js';
import { matchesEtag, requestIdOf } from './request-hooks.js';
import { ShortTurns } from './short-turns.js';

interface Dependencies {
  responses: EarlyResponses;
  accessLog: AccessLog;
  draining: Draining;
  clientCacheMaxAge: number;
}

/**
 * Sends responses that are complete before the request is routed: Fastify and Nest would cost six times as much as the
 * rest of a cached response. All other requests go to Fastify.
 */
export class EarlyResponder {
  private dependencies?: Dependencies;
  private cacheControl = '';

  /** Starts to respond, when the application is created. */
  use(dependencies: Dependencies): void {
    this.dependencies = dependencies;
    this.cacheControl = `public, max-age=${dependencies.clientCacheMaxAge}`;
  }

  /** The `serverFactory` of Fastify. */
  createServer(fastify: RequestListener, options: Parameters<typeof createServer>[0]): Server {
    const turns = new ShortTurns();
    const server = createServer(options, (request, response) => {
      const early = this.find(request);
      if (early) this.send(early, request, response);
      // A client may disconnect meanwhile: Fastify would wait for the end of a response that has ended.
      else turns.run(() => response.destroyed || fastify(request, response));
    });
    turns.watch(server);
    return server;
  }

  private find({ method, url, headers }: IncomingMessage): EarlyResponse | undefined {
    if (method !== 'GET' || !this.dependencies || this.dependencies.draining.started) return undefined;
    // Fastify reads bodies.
    if (headers['transfer-encoding'] || (headers['content-length'] ?? '0') !== '0') return undefined;
    return this.dependencies.responses.find(url!);
  }

  private send(early: EarlyResponse, { headers }: IncomingMessage, response: ServerResponse): void {
    const startedAt = performance.now();
    const traceparent = traceparentOf(headers.traceparent);
    const span = startSpan(
      early.name,
      'server',
      headers.traceparent === traceparent ? traceparent : undefined,
    );
    const requestId = requestIdOf(headers['x-request-id']);
    const status = matchesEtag(headers['if-none-match'], early.etag) ? 304 : 200;
    const common = ['x-request-id', requestId, 'cache-control', this.cacheControl, 'etag', early.etag];
    if (status === 304) response.writeHead(304, common).end();
    else {
      const content = ['content-type', early.contentType, 'content-length', String(early.length)];
      response.writeHead(200, [...common, ...content]).end(early.body);
    }
    span?.end({
      'http.request.method': 'GET',
      'http.route': early.name.slice(4),
      'http.response.status_code': status,
    });
    this.dependencies!.accessLog.record({
      method: 'GET',
      route: early.route,
      status,
      ms: performance.now() - startedAt,
      origin: { requestId, traceparent: span?.traceparent ?? traceparent },
    });
  }
}
