import { describe, expect, it } from '@jest/globals';
import { Lease } from './lease.js';

describe('Lease', () => {
  it('is valid for its duration from when the heartbeat was sent, not from when it came back', () => {
    const lease = new Lease(1_000);
    lease.begin();

    lease.extend(100, 900);

    expect(lease.isValid(1_099)).toBe(true);
    expect(lease.isValid(1_100)).toBe(false);
  });

  it('cannot be extended after it has expired', () => {
    const lease = new Lease(1_000);
    lease.begin();
    lease.extend(0, 0);

    expect(lease.extend(900, 1_000)).toBe('expired');
    expect(lease.isValid(1_001)).toBe(false);
  });

  it('is not valid before its first extension and after its end', () => {
    const lease = new Lease(1_000);
    expect(lease.extend(0, 0)).toBe('inactive');
    lease.begin();
    expect(lease.isValid(0)).toBe(false);
    lease.extend(0, 0);

    lease.end();

    expect(lease.isValid(1)).toBe(false);
  });
});
