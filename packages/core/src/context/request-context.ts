import { AsyncLocalStorage } from 'node:async_hooks';

/** The user that a valid access token speaks for. */
export interface Caller {
  id: number;
  username: string;
  isSuperuser: boolean;
  sessionId: string;
  tokenId: string;
}

/** The request that something goes back to. */
export interface Origin {
  requestId: string;
  /** W3C trace context, handed on to whoever is asked and to whoever hears of the effects. */
  traceparent?: string;
}

/** The part of an HTTP request that packages read. */
export interface HttpRequest {
  readonly url: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body?: unknown;
}

/** The part of an HTTP response that packages write. */
export interface HttpReply {
  header(name: string, value: string): unknown;
}

/** What is known about the request, message or job that runs now. */
export interface RequestContext extends Origin {
  /** Epoch milliseconds after which nobody waits for the answer any more. */
  deadline?: number;
  user?: Caller;
  /** The job that runs. */
  jobId?: string;
  /** The answer is for everybody: clients may keep it for a while. */
  publicAnswer?: boolean;
  /** HTTP only. */
  clientAddress?: string;
  method?: string;
  /** The route's template: `/api/v1/user/{username}`. */
  route?: string;
  request?: HttpRequest;
  reply?: HttpReply;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The context of the running request, or undefined outside of one. */
export function requestContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Which request this goes back to, for work that is done later; null outside of one. */
export function currentOrigin(): Origin | null {
  const context = requestContext();
  return context ? { requestId: context.requestId, traceparent: context.traceparent } : null;
}

/** For work that serves everybody, and only happened to be called for by the running request. */
export function runDetached<T>(work: () => T): T {
  return storage.exit(work);
}

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}
