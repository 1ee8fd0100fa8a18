import { describe, expect, it } from '@jest/globals';
import { InFlight } from './in-flight.js';

describe('InFlight', () => {
  it('waits for operations in progress until they end or the timeout is over', async () => {
    const inFlight = new InFlight();
    const gate = Promise.withResolvers<void>();
    void inFlight.track(gate.promise);

    await inFlight.settled(20);
    expect(inFlight.size).toBe(1);

    gate.resolve();
    await inFlight.settled(60_000);
    expect(inFlight.size).toBe(0);
  });
});
