import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { type RequestContext, requestContext, traceparentOf } from '@repo/core';
import { v7 as uuid } from 'uuid';

const REQUEST_ID = 'X-Request-Id';
const TRACE_PARENT = 'traceparent';
/** How long the asker waits, in milliseconds: clocks of two machines differ, durations do not. */
const PATIENCE = 'X-Timeout-Ms';

/** Headers that carry the running request's context to whoever is asked. */
export function outgoingHeaders(patienceMs: number): MsgHdrs {
  const context = requestContext();
  const carried = headers();
  carried.set(PATIENCE, String(patienceMs));
  if (context) carried.set(REQUEST_ID, context.requestId);
  if (context?.traceparent) carried.set(TRACE_PARENT, context.traceparent);
  return carried;
}

/** The context that the headers of a request carry. */
export function incomingContext(carried: MsgHdrs | undefined): RequestContext {
  const patienceMs = Number(carried?.get(PATIENCE));
  return {
    requestId: carried?.get(REQUEST_ID) || uuid(),
    traceparent: traceparentOf(carried?.get(TRACE_PARENT)),
    deadline: patienceMs > 0 ? Date.now() + patienceMs : undefined,
  };
}
