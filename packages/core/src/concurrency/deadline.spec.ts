import { describe, expect, it } from '@jest/globals';
import { withDeadline } from './deadline.js';

describe('withDeadline', () => {
  it('returns the result of work that ends in time', async () => {
    expect(await withDeadline(Promise.resolve('done'), 60_000)).toBe('done');
  });

  it('rejects with the error of work that fails in time', async () => {
    await expect(withDeadline(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no');
  });

  it('returns undefined when the time is over', async () => {
    expect(await withDeadline(new Promise(() => undefined), 10)).toBeUndefined();
  });
});
