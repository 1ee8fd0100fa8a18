import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';

/** The user that a valid access token speaks for. */
export interface CurrentUser {
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

/** What is known about the request, message or job that runs now. */
export interface RequestContext extends Origin {
  /** Epoch milliseconds after which nobody waits for the answer any more. */
  deadline?: number;
  user?: CurrentUser;
  /** The job that runs. */
  jobId?: string;
  /** The answer is for everybody: clients may keep it for a while. */
  publicAnswer?: boolean;
  /** There while the caller gave an `Idempotency-Key`: keeps the answer in the transaction of the effect. */
  keepAnswer?: (answer: unknown, manager: EntityManager) => Promise<void>;
  /** HTTP only. */
  clientAddress?: string;
  method?: string;
  /** The route's template: `/api/v1/user/{username}`. */
  route?: string;
  request?: FastifyRequest;
  reply?: FastifyReply;
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
