import { describe, expect, it } from '@jest/globals';
import { failures, parsed } from '../testing/failures.js';
import { CursorPageOf, PageOf, PageQuery } from './page.dto.js';

describe('PageQuery', () => {
  it('means the first ten when nothing is asked', () => {
    expect(failures(PageQuery, {})).toEqual({});
    expect(parsed(PageQuery, {})).toEqual({ items_per_page: 10 });
  });

  it('reads numbers', () => {
    const query = { page: '3', items_per_page: '100' };

    expect(failures(PageQuery, query)).toEqual({});
    expect(parsed(PageQuery, query)).toEqual({ page: 3, items_per_page: 100 });
  });

  it.each([
    [{ page: '0' }, { page: 'greater_than_equal' }],
    [{ page: '-1' }, { page: 'greater_than_equal' }],
    [{ page: 'one' }, { page: 'int_parsing' }],
    [{ page: '' }, { page: 'int_parsing' }],
    [{ page: ['1', '2'] }, { page: 'int_parsing' }],
    [{ page: '99999999999' }, { page: 'int_parsing' }],
    [{ items_per_page: '0' }, { items_per_page: 'greater_than_equal' }],
    [{ items_per_page: '101' }, { items_per_page: 'less_than_equal' }],
    [{ items_per_page: '1.5' }, { items_per_page: 'int_parsing' }],
  ])('refuses %j', (query, codes) => {
    expect(failures(PageQuery, query)).toEqual(codes);
  });

  it('takes a cursor instead of a page, empty for the first', () => {
    expect(failures(PageQuery, { cursor: '' })).toEqual({});
    expect(failures(PageQuery, { cursor: 'abc', items_per_page: '50' })).toEqual({});
  });

  it('refuses a cursor together with a page', () => {
    expect(failures(PageQuery, { cursor: 'abc', page: '1' })).toEqual({ cursor: 'value_error' });
    expect(failures(PageQuery, { cursor: '', page: '1' })).toEqual({ cursor: 'value_error' });
  });
});

describe('PageOf and CursorPageOf', () => {
  it('carry the name of what they hold into the documentation', () => {
    class Thing {}

    expect(PageOf(Thing).name).toBe('PageOfThing');
    expect(CursorPageOf(Thing).name).toBe('CursorPageOfThing');
  });
});
