import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { type RequestContext, requestContext, traceparentOf } from '@repo/core';
import { v7 as uuid } from 'uuid';

const REQUEST_ID = 'X-Request-Id';
const TRACE_PARENT = 'traceparent';
/** Timeout budget in milliseconds. A duration, because the clocks of two machines differ. */
const TIMEOUT = 'X-Timeout-Ms';

export function outgoingHeaders(timeoutMs: number): MsgHdrs {
  const context = requestContext();
  const outgoing = headers();
  outgoing.set(TIMEOUT, String(timeoutMs));
  if (context) outgoing.set(REQUEST_ID, context.requestId);
  if (context?.traceparent) outgoing.set(TRACE_PARENT, context.traceparent);
  return outgoing;
}

export function incomingContext(incoming: MsgHdrs | undefined): RequestContext {
  const timeoutMs = Number(incoming?.get(TIMEOUT));
  return {
    requestId: incoming?.get(REQUEST_ID) || uuid(),
    traceparent: traceparentOf(incoming?.get(TRACE_PARENT)),
    deadline: timeoutMs > 0 ? Date.now() + timeoutMs : undefined,
  };
}
