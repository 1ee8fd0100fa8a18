import { describe, expect, it } from '@jest/globals';
import { failures, parsed } from '../testing/failures.js';
import { ListQueryOf } from './list-query.js';

class ListThingsQuery extends ListQueryOf({
  filters: { id: 'int', title: 'text', link: 'text | null', created_at: 'timestamp', done: 'boolean' },
  sorts: ['created_at'],
}) {}

describe('a list query', () => {
  it('accepts the parameters of a page query', () => {
    expect(failures(ListThingsQuery, {})).toEqual({});
    expect(parsed(ListThingsQuery, { page: '2' })).toEqual({ page: 2, items_per_page: 10 });
    expect(failures(ListThingsQuery, { page: '0' })).toEqual({ page: 'greater_than_equal' });
  });

  it.each([
    [{ id: '7' }, { id: 7 }],
    [
      { id__gte: '7', id__lt: '9' },
      { id__gte: 7, id__lt: 9 },
    ],
    [{ id__in: '1,2,3' }, { id__in: [1, 2, 3] }],
    [{ id__in: ['1', '2'] }, { id__in: [1, 2] }],
    [{ id__between: '1,5' }, { id__between: [1, 5] }],
    [{ title: 'a,b' }, { title: 'a,b' }],
    [{ title__ilike: '%a\\%%' }, { title__ilike: '%a\\%%' }],
    [{ title__not_in: ['a,b', 'c'] }, { title__not_in: ['a,b', 'c'] }],
    [{ link__is_null: 'true' }, { link__is_null: true }],
    [{ done: 'false' }, { done: false }],
    [{ created_at__gte: '2026-01-31' }, { created_at__gte: new Date('2026-01-31T00:00:00.000Z') }],
    [
      { created_at__lt: '2026-01-31T12:00:00.123+02:00' },
      { created_at__lt: new Date('2026-01-31T10:00:00.123Z') },
    ],
    [{ sort: '-created_at' }, { sort: '-created_at' }],
  ])('reads %j', (query, expected) => {
    expect(failures(ListThingsQuery, query)).toEqual({});
    expect(parsed(ListThingsQuery, query)).toEqual({ items_per_page: 10, ...expected });
  });

  it.each([
    [{ id: 'one' }, { id: 'int_parsing' }],
    [{ id: '' }, { id: 'int_parsing' }],
    [{ id: ['1', '2'] }, { id: 'int_parsing' }],
    [{ id__gt: '2147483648' }, { id__gt: 'int_parsing' }],
    [{ id__in: '' }, { id__in: 'int_parsing' }],
    [{ id__in: '1,,2' }, { id__in: 'int_parsing' }],
    [{ id__in: Array.from({ length: 101 }, String).join() }, { id__in: 'int_parsing' }],
    [{ id__between: '1' }, { id__between: 'int_parsing' }],
    [{ id__between: '1,2,3' }, { id__between: 'int_parsing' }],
    [{ title: ['a', 'b'] }, { title: 'string_type' }],
    [{ title: 'a\0b' }, { title: 'value_error' }],
    [{ title__in: ['a', 'b\0'] }, { title__in: 'value_error' }],
    [{ title: 'x'.repeat(256) }, { title: 'string_too_long' }],
    [{ title__like: 'a\\' }, { title__like: 'value_error' }],
    [{ title__like: '\\\\\\' }, { title__like: 'value_error' }],
    [{ link__is_null: 'yes' }, { link__is_null: 'bool_type' }],
    [{ done: '1' }, { done: 'bool_type' }],
    [{ created_at__gt: 'yesterday' }, { created_at__gt: 'value_error' }],
    [{ created_at__gt: '2026-02-31' }, { created_at__gt: 'value_error' }],
    [{ created_at__gt: '2026-01-31T12:00:00' }, { created_at__gt: 'value_error' }],
    [{ created_at__gt: '2026-01-31T12:00:00 02:00' }, { created_at__gt: 'value_error' }],
    [{ created_at__gt: '0000-01-01' }, { created_at__gt: 'value_error' }],
    [{ sort: 'title' }, { sort: 'value_error' }],
    [{ sort: '' }, { sort: 'value_error' }],
    [{ sort: ['id', '-id'] }, { sort: 'string_type' }],
    [{ secret: 'x' }, { secret: 'extra_forbidden' }],
    [{ title__contains: 'x' }, { title__contains: 'extra_forbidden' }],
    [{ title__gt: 'x' }, { title__gt: 'extra_forbidden' }],
    [{ title__is_null: 'true' }, { title__is_null: 'extra_forbidden' }],
    [{ title__: 'x' }, { title__: 'extra_forbidden' }],
    [{ Title: 'x' }, { Title: 'extra_forbidden' }],
  ])('rejects %j', (query, codes) => {
    expect(failures(ListThingsQuery, query)).toEqual(codes);
  });
});
