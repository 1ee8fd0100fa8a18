import { describe, expect, it } from '@jest/globals';
import { backOffMs } from './back-off.js';

describe('backOffMs', () => {
  it.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [5, 8_000, 16_000],
    [100, 1_800_000, 3_600_000],
  ])('returns after failure %i, with a first pause of 1 s, between %i and %i ms', (failures, least, most) => {
    const pauses = Array.from({ length: 100 }, () => backOffMs(failures, 1_000));

    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
  });

  it('returns different pauses for the same number of failures', () => {
    expect(new Set(Array.from({ length: 20 }, () => backOffMs(3, 1_000))).size).toBeGreaterThan(10);
  });
});
