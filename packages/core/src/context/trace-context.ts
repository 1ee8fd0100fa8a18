import { randomBytes } from 'node:crypto';

/** Version 00 of W3C Trace Context. Ids of zeros are invalid. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The trace context of the caller if it is valid, otherwise a new one. */
export function traceparentOf(given: unknown): string {
  if (typeof given === 'string' && TRACEPARENT.test(given)) return given;
  const ids = randomBytes(24).toString('hex');
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-00`;
}

export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent && TRACEPARENT.exec(traceparent)?.[1];
}
