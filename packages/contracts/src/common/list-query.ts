import type { Type } from '@nestjs/common';
import { FilterField, filterOperators, type FilterType, StringField } from '../rules/index.js';
import { PageQuery } from './page.dto.js';

export interface ListOptions {
  /** Type of each column: `text`, or `text | null` for a nullable one. */
  filters: Record<string, FilterType | `${FilterType} | null`>;
  /** Sort columns besides `id`. Each needs an index. */
  sorts?: string[];
}

/** The query of a list with filters. An unknown filter is a 422, because ignoring it would return too many rows. */
export abstract class ListQuery extends PageQuery {
  sort?: string;
}

/**
 * Base class of the query of a list:
 * `class ListPostsQuery extends ListQueryOf({ filters: { title: 'text' }, sorts: ['created_at'] }) {}`
 * accepts `title=…`, `title__ilike=…` and so on, and `sort=-created_at`.
 */
export function ListQueryOf({ filters, sorts = [] }: ListOptions): Type<ListQuery> {
  class Query extends ListQuery {}
  const values = ['id', ...sorts].flatMap((name) => [name, `-${name}`]);
  const description = 'A column; `-` before it sorts in descending order.';
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
