import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { bearerToken, type TokenVerifier } from '@repo/auth';
import {
  type EarlyRefusal,
  type EarlyResponse,
  type EarlyResponses,
  toProblem,
  traceparentOf,
} from '@repo/core';
import { type AccessLog, startSpan } from '@repo/observability';
import type { Draining } from './draining.js';
import { pathOf } from './error.filter.js';
import { matchesEtag, publicCacheControl, requestIdOf } from './request-hooks.js';
import { ShortTurns } from './short-turns.js';

interface Dependencies {
  responses: EarlyResponses;
  tokens: Pick<TokenVerifier, 'isKnown'>;
  accessLog: AccessLog;
  draining: Draining;
  clientCacheMaxAge: number;
}

interface Answer {
  status: number;
  /** Names and values in turn. */
  headers: string[];
  body?: string;
}

const PROBLEM = 'application/problem+json; charset=utf-8';

/**
 * Sends responses that are complete before the request is routed: Fastify and Nest would cost six times as much as the
 * rest of a cached response or a refusal. All other requests go to Fastify.
 */
export class EarlyResponder {
  private dependencies?: Dependencies;
  private cacheControl = '';

  /** Starts to respond, when the application is created. */
  use(dependencies: Dependencies): void {
    this.dependencies = dependencies;
    this.cacheControl = publicCacheControl(dependencies.clientCacheMaxAge);
  }

  /** The `serverFactory` of Fastify. */
  createServer(fastify: RequestListener, options: Parameters<typeof createServer>[0]): Server {
    const turns = new ShortTurns();
    const server = createServer(options, (request, response) => {
      // A client may disconnect meanwhile: Fastify would wait for the end of a response that has ended.
      if (!this.respond(request, response)) turns.run(() => response.destroyed || fastify(request, response));
    });
    turns.watch(server);
    return server;
  }

  /** @returns false when the request must be routed */
  private respond(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.dependencies || this.dependencies.draining.started || hasBody(request)) return false;
    const startedAt = performance.now();
    const { method, headers } = request;
    const cached = method === 'GET' ? this.dependencies.responses.find(request.url!) : undefined;
    const refusal = cached ? undefined : this.findRefusal(request);
    const early = cached ?? refusal;
    if (!early) return false;

    const requestId = requestIdOf(headers['x-request-id']);
    const traceparent = traceparentOf(headers.traceparent);
    const parent = headers.traceparent === traceparent ? traceparent : undefined;
    const span = startSpan(early.name, 'server', parent);
    const answer = cached
      ? this.cachedAnswer(cached, headers)
      : refusalAnswer(refusal!, request.url!, requestId);
    const { status } = answer;
    response.writeHead(status, ['x-request-id', requestId, ...answer.headers]).end(answer.body);
    span?.end({
      'http.request.method': method!,
      'http.route': early.name.slice(method!.length + 1),
      'http.response.status_code': status,
    });
    this.dependencies.accessLog.record({
      method: method!,
      route: early.route,
      status,
      ms: performance.now() - startedAt,
      origin: { requestId, traceparent: span?.traceparent ?? traceparent },
      userId: refusal?.userId,
    });
    return true;
  }

  private findRefusal(request: IncomingMessage): EarlyRefusal | undefined {
    const { responses, tokens } = this.dependencies!;
    const token = bearerToken(request);
    // Fastify checks the type of a body, also of an empty one.
    if (!token || request.headers['content-type'] !== undefined) return undefined;
    const refusal = responses.findRefusal(request);
    return refusal && tokens.isKnown(token) ? refusal : undefined;
  }

  private cachedAnswer(
    { etag, contentType, length, body }: EarlyResponse,
    { 'if-none-match': ifNoneMatch }: IncomingHttpHeaders,
  ): Answer {
    const caching = ['cache-control', this.cacheControl, 'etag', etag];
    if (matchesEtag(ifNoneMatch, etag)) return { status: 304, headers: caching };
    const content = ['content-type', contentType, 'content-length', String(length)];
    return { status: 200, headers: [...caching, ...content], body };
  }
}

function refusalAnswer({ error, headers }: EarlyRefusal, url: string, requestId: string): Answer {
  const body = JSON.stringify(toProblem(error, { instance: pathOf(url), requestId }));
  const all = {
    ...headers,
    ...error.headers,
    'cache-control': 'no-store',
    'content-type': PROBLEM,
    'content-length': String(Buffer.byteLength(body)),
  };
  return { status: error.status, headers: Object.entries(all).flat(), body };
}

/** Fastify reads bodies. */
function hasBody({ headers }: IncomingMessage): boolean {
  return (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
}
