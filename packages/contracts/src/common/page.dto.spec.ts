import { describe, expect, it } from '@jest/globals';
import { failures, parsed } from '../testing/failures.js';
import type { Type } from '@nestjs/common';
import { fieldsOf } from './fields-of.js';
import { ApiPage, PageQuery } from './page.dto.js';

describe('PageQuery', () => {
  it('defaults to ten items', () => {
    expect(failures(PageQuery, {})).toEqual({});
    expect(parsed(PageQuery, {})).toEqual({ items_per_page: 10 });
  });

  it('converts numbers', () => {
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
  ])('rejects %j', (query, codes) => {
    expect(failures(PageQuery, query)).toEqual(codes);
  });

  it('accepts a cursor instead of a page', () => {
    expect(failures(PageQuery, { cursor: '' })).toEqual({});
    expect(failures(PageQuery, { cursor: 'abc', items_per_page: '50' })).toEqual({});
  });

  it('rejects a cursor together with a page', () => {
    expect(failures(PageQuery, { cursor: 'abc', page: '1' })).toEqual({ cursor: 'value_error' });
    expect(failures(PageQuery, { cursor: '', page: '1' })).toEqual({ cursor: 'value_error' });
  });
});

describe('ApiPage', () => {
  it('documents a page by number and a page by cursor, named after the item', () => {
    class Thing {}
    class Things {
      list(): void {}
    }
    ApiPage(Thing)(Things.prototype, 'list', Object.getOwnPropertyDescriptor(Things.prototype, 'list')!);

    const models: Type[] = Reflect.getMetadata('swagger/apiExtraModels', Things.prototype.list);
    expect(models.map(({ name }) => name)).toEqual(['PageOfThing', 'CursorPageOfThing']);
    expect(models.map(fieldsOf)).toEqual([
      ['total_count', 'has_more', 'page', 'items_per_page', 'data'],
      ['next_cursor', 'has_more', 'data'],
    ]);
  });
});
