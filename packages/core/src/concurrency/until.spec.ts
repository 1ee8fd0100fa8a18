import { describe, expect, it } from '@jest/globals';
import { until } from './until.js';

describe('until', () => {
  it('returns true when the condition holds in time', async () => {
    let checks = 0;

    expect(await until(() => ++checks > 2, 1_000)).toBe(true);
  });

  it('returns false when the condition does not hold in time', async () => {
    expect(await until(() => false, 20)).toBe(false);
  });
});
