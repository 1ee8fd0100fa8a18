import { randomBytes } from 'node:crypto';

/** Version 00 of W3C Trace Context; ids of nothing but zeros are none. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's place in a trace when it is a sane one, else the start of a new trace. */
export function traceparentOf(given: unknown): string {
  if (typeof given === 'string' && TRACEPARENT.test(given)) return given;
  const ids = randomBytes(24).toString('hex');
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-00`;
}

/** What all log lines of one trace have in common. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent && TRACEPARENT.exec(traceparent)?.[1];
}
