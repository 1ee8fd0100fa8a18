import { describe, expect, it } from '@jest/globals';
import { toTitles } from './pages.js';

describe('toTitles', () => {
  it('omits internal fields', () => {
    const rows = { data: [{ id: 1, title: 'One', internalNote: 'x' }], next_cursor: null, has_more: false };

    expect(toTitles(rows)).toEqual({ data: [{ id: 1, title: 'One' }], next_cursor: null, has_more: false });
  });
});
