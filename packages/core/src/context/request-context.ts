import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import type { UserSnapshot } from '@repo/contracts';

/** The user of a valid access token. */
export interface Caller extends Pick<UserSnapshot, 'id' | 'username' | 'isSuperuser'> {
  sessionId: string;
  tokenId: string;
}

/** The request that caused some work, for its log lines and its trace. */
export interface Origin {
  requestId: string;
  /** W3C trace context. */
  traceparent?: string;
}

/** The context of the running request, message or job. */
export interface RequestContext extends Origin {
  /** End of the timeout budget, in epoch milliseconds. */
  deadline?: number;
  user?: Caller;
  jobId?: string;
  /** The response does not depend on the user: clients may cache it. */
  publicResponse?: boolean;
  /** HTTP only, as the fields below. */
  clientAddress?: string;
  method?: string;
  /** Template of the route: `/api/v1/user/{username}`. */
  route?: string;
  request?: {
    readonly url: string;
    readonly routeOptions: { url?: string };
    readonly headers: IncomingHttpHeaders;
    readonly params?: unknown;
    readonly query?: unknown;
    readonly body?: unknown;
  };
  reply?: { header(name: string, value: string): unknown };
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Undefined outside of a request. */
export function requestContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Whatever the running request still waits for has `leftMs` together. */
export function limitTimeLeft(leftMs: number): void {
  const context = requestContext();
  if (context) context.deadline = Math.min(context.deadline ?? Infinity, Date.now() + leftMs);
}

/** The origin for work that is queued now; null outside of a request. */
export function currentOrigin(): Origin | null {
  const context = requestContext();
  return context ? { requestId: context.requestId, traceparent: context.traceparent } : null;
}

/** Runs work that does not belong to the running request, without its context. */
export function runDetached<T>(work: () => T): T {
  return storage.exit(work);
}

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}
