import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { byProperty, type ColumnOf, columnSql } from './where.js';

/** A column, with `-` in front for the other way round. */
export type Sort<T> = ColumnOf<T> | `-${ColumnOf<T>}`;

/** A total order of rows: by one column and, where rows can be equal in it, by the key as well. */
export interface Order {
  columns: ColumnMetadata[];
  direction: 'ASC' | 'DESC';
}

/** Rows in one piece of an index, in the order of the index. */
export interface Range {
  sql: string;
  parameters: ObjectLiteral;
}

/**
 * @param named finds the column that `sort` means
 * @throws Error when there is no such column
 */
export function orderBy(metadata: EntityMetadata, sort: string, named = byProperty(metadata)): Order {
  const name = sort.replace(/^-/, '');
  const column = named(name);
  if (!column) throw new Error(`There is no column "${name}" to sort by`);
  return {
    columns: isUnique(metadata, column) ? [column] : [column, keyOf(metadata)],
    direction: sort.startsWith('-') ? 'DESC' : 'ASC',
  };
}

export function keyOf({ primaryColumns: [key, ...more], name }: EntityMetadata): ColumnMetadata {
  if (!key || more.length > 0) throw new Error(`Lists need a key of one column, which ${name} does not have`);
  return key;
}

/**
 * Where the rows after a position are: mostly in one range of the index. What is empty comes last (first, the other
 * way round), as PostgreSQL sorts it: it is a range of its own, because no comparison finds it.
 */
export function rangesAfter({ columns, direction }: Order, position: unknown[], alias: string): Range[] {
  const [column, key] = columns as [ColumnMetadata, ColumnMetadata?];
  const [value] = position;
  const name = columnSql(column, alias);
  const after = direction === 'ASC' ? '>' : '<';
  const parameters = Object.fromEntries(position.map((part, index) => [`after_${index}`, part]));
  const empty = { sql: `${name} IS NULL`, parameters: {} };

  if (!key) return [{ sql: `${name} ${after} :after_0`, parameters }];
  if (value === null) {
    const rest = { sql: `${name} IS NULL AND ${columnSql(key, alias)} ${after} :after_1`, parameters };
    return direction === 'ASC' ? [rest] : [rest, { sql: `${name} IS NOT NULL`, parameters: {} }];
  }
  const rest = { sql: `(${name}, ${columnSql(key, alias)}) ${after} (:after_0, :after_1)`, parameters };
  return column.isNullable && direction === 'ASC' ? [rest, empty] : [rest];
}

/** A unique index over empty values lets any number of them in. */
function isUnique({ primaryColumns, indices }: EntityMetadata, column: ColumnMetadata): boolean {
  if (primaryColumns.length === 1 && primaryColumns[0] === column) return true;
  return (
    !column.isNullable &&
    indices.some(
      ({ isUnique, where, columns }) => isUnique && !where && columns.length === 1 && columns[0] === column,
    )
  );
}
