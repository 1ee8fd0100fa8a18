import { describe, expect, it } from '@jest/globals';
import { publicCacheControl } from './request-hooks.js';

describe('publicCacheControl', () => {
  it('makes clients revalidate by default, and allows them to cache for a time when one is set', () => {
    expect(publicCacheControl(0)).toBe('public, no-cache');
    expect(publicCacheControl(60)).toBe('public, max-age=60');
  });
});
