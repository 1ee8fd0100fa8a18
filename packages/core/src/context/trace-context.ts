import { randomBytes } from 'node:crypto';

/** Version 00 of W3C Trace Context. Ids of zeros are invalid. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

const IDS_LENGTH = 48;
/** Random bytes are made for many contexts together: for each by itself they are a tenth of a cached response. */
const IDS_AT_A_TIME = 256;
let ids = '';
let position = 0;

/** The trace context of the caller if it is valid, otherwise a new one. */
export function traceparentOf(given: unknown): string {
  if (typeof given === 'string' && TRACEPARENT.test(given)) return given;
  if (position === ids.length) {
    ids = randomBytes((IDS_AT_A_TIME * IDS_LENGTH) / 2).toString('hex');
    position = 0;
  }
  const traceId = ids.slice(position, position + 32);
  const spanId = ids.slice(position + 32, (position += IDS_LENGTH));
  return `00-${traceId}-${spanId}-00`;
}

export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent && TRACEPARENT.exec(traceparent)?.[1];
}
