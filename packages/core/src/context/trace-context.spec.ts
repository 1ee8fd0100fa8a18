import { describe, expect, it } from '@jest/globals';
import { traceIdOf, traceparentOf } from './trace-context.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const GIVEN = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

describe('the trace of a request', () => {
  it('is that of the caller when its header is valid', () => {
    expect(traceparentOf(GIVEN)).toBe(GIVEN);
    expect(traceIdOf(GIVEN)).toBe(TRACE_ID);
  });

  it.each([
    [undefined],
    [''],
    ['nonsense'],
    [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    [`00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    [`ff-${TRACE_ID}-00f067aa0ba902b7-01`],
    [GIVEN.toUpperCase()],
    [`${GIVEN}\n`],
    [[GIVEN, GIVEN]],
  ])('is new when the header of the caller is missing or invalid: %j', (given) => {
    const [one, other] = [traceparentOf(given), traceparentOf(given)];

    expect(one).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(traceIdOf(one)).not.toBe(traceIdOf(other));
    expect(traceIdOf(one)).not.toBe(TRACE_ID);
  });
});
