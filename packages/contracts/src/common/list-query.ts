import type { Type } from '@nestjs/common';
import { FilterField, filterOperators, type FilterType } from '../rules/filter.fields.js';
import { StringField } from '../rules/string.fields.js';
import { PageQuery } from './page.dto.js';

/** The whitelist of a list. Names are those of the columns. */
export interface ListOptions {
  /** What each column holds: `text`, or `text | null` when it can be empty. */
  filters: Record<string, FilterType | `${FilterType} | null`>;
  /** Beside `id`. Each needs an index that serves it. */
  sorts?: string[];
}

/** The query of a list that clients filter and sort. What is not declared is refused: it would be no filter at all. */
export abstract class ListQuery extends PageQuery {
  sort?: string;
}

/**
 * The query of one list:
 * `class ListPostsQuery extends ListQueryOf({ filters: { title: 'text' }, sorts: ['created_at'] }) {}`
 * takes `title=…`, `title__ilike=…` and so on, and `sort=-created_at`.
 */
export function ListQueryOf({ filters, sorts = [] }: ListOptions): Type<ListQuery> {
  class Query extends ListQuery {}
  const values = ['id', ...sorts].flatMap((name) => [name, `-${name}`]);
  const description = 'A column; with `-` in front the other way round.';
  StringField({ optional: true, values, description })(Query.prototype, 'sort');
  for (const [name, declared] of Object.entries(filters)) {
    const [type, nullable] = declared.split(' | ') as [FilterType, 'null'?];
    FilterField(type, 'eq')(Query.prototype, name);
    for (const operator of filterOperators(type, nullable !== undefined)) {
      FilterField(type, operator)(Query.prototype, `${name}__${operator}`);
    }
  }
  return Query;
}
