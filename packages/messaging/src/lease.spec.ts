import { describe, expect, it } from '@jest/globals';
import { Lease } from './lease.js';

describe('Lease', () => {
  it('holds for its time from the sign of life on, not from when that was seen', () => {
    const lease = new Lease(1_000);
    lease.begin();

    lease.extend(100, 900);

    expect(lease.holds(1_099)).toBe(true);
    expect(lease.holds(1_100)).toBe(false);
  });

  it('cannot be extended once it has run out', () => {
    const lease = new Lease(1_000);
    lease.begin();
    lease.extend(0, 0);

    expect(lease.extend(900, 1_000)).toBe('lapsed');
    expect(lease.holds(1_001)).toBe(false);
  });

  it('holds nothing before it has begun and after it was ended', () => {
    const lease = new Lease(1_000);
    expect(lease.extend(0, 0)).toBe('none');
    lease.begin();
    expect(lease.holds(0)).toBe(false);
    lease.extend(0, 0);

    lease.end();

    expect(lease.holds(1)).toBe(false);
  });
});
