import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { applyDecorators, Injectable, Logger, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse } from '@nestjs/swagger';
import { bearerToken, TokenVerifier } from '@repo/auth';
import { requestContext, type RequestContext, runInContext, UnavailableError } from '@repo/core';
import type { FastifyRequest } from 'fastify';

/** One event of a stream. */
export interface ServerSentEvent {
  /** A client that connects again sends the id of the last event that it received. */
  id: string;
  event: string;
  /** Sent as JSON. */
  data: object;
}

/** Time until a stopped process or a revoked token is noticed. */
const CHECK_MS = 2_000;
/** A stream without events sends a comment: proxies close silent connections. The gateway waits for longer. */
const COMMENT_MS = 15_000;
const COMMENT = ':\n\n';
/** Open streams of a process. */
const MAX_OPEN = 1_000;

/** Makes a route stream server-sent events: it has no time limit. Its handler returns `streams.send(…)`. */
export const Streaming = (description: string) =>
  applyDecorators(
    RouteConfig({ streaming: true }),
    ApiOkResponse({ description, content: { 'text/event-stream': { schema: { type: 'string' } } } }),
  );

export const isStreaming = ({ routeOptions }: FastifyRequest) =>
  (routeOptions.config as { streaming?: boolean }).streaming === true;

/** The header `Last-Event-ID` of the running request. */
export function lastEventId(): string | undefined {
  const header = requestContext()?.request?.headers['last-event-id'];
  return typeof header === 'string' ? header : undefined;
}

/** The open streams of server-sent events. */
@Injectable()
export class Streams {
  private readonly open = new Set<AbortController>();

  constructor(private readonly tokens: TokenVerifier) {}

  /**
   * Sends events until there are no more. Ends earlier when the client disconnects, when its token expires or is revoked, and
   * when the process stops: the client then connects again, with the id of the last event.
   *
   * @throws UnavailableError when too many streams are open
   */
  send(events: (signal: AbortSignal) => AsyncGenerator<ServerSentEvent, void>): StreamableFile {
    const context = requestContext();
    if (!context?.request) throw new Error('Streams are responses to HTTP requests');
    if (this.open.size >= MAX_OPEN) throw new UnavailableError('Too many streams are open; try again.');
    const end = new AbortController();
    this.open.add(end);
    const frames = Readable.from(this.frames(events(end.signal), end, context), { objectMode: false });
    frames.once('close', () => {
      this.open.delete(end);
      end.abort();
    });
    return new StreamableFile(frames, { type: 'text/event-stream' });
  }

  /** Ends all streams. */
  end(): void {
    for (const stream of this.open) stream.abort();
  }

  private async *frames(
    events: AsyncGenerator<ServerSentEvent, void>,
    end: AbortController,
    context: RequestContext,
  ): AsyncGenerator<string, void> {
    const { signal } = end;
    const token = bearerToken(context.request!);
    // Without the deadline of a request: each statement and each request to another service has a limit of its own.
    const read = () => runInContext({ ...context, deadline: undefined }, () => events.next()).catch(endOf);
    let next = read();
    let sentAt = performance.now();
    yield COMMENT; // sends the headers
    while (!signal.aborted) {
      const result = await Promise.race([
        next,
        delay(CHECK_MS, undefined, { signal }).catch(() => undefined),
      ]);
      if (signal.aborted || (token && !(await this.isValid(token)))) break;
      if (result?.done) return;
      if (result) {
        yield format(result.value);
        next = read();
      } else if (performance.now() - sentAt > COMMENT_MS) yield COMMENT;
      else continue;
      sentAt = performance.now();
    }
    end.abort();
    await events.return();
  }

  private async isValid(token: string): Promise<boolean> {
    return this.tokens.verifyAccess(token).then(
      () => true,
      () => false,
    );
  }
}

/** After an error the stream ends. The client connects again, and gets the error as a response. */
function endOf(error: unknown): IteratorResult<ServerSentEvent, void> {
  new Logger(Streams.name).debug(`A stream ends: ${String(error)}`);
  return { done: true, value: undefined };
}

function format({ id, event, data }: ServerSentEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
