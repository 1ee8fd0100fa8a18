import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { columnSql, type Sql } from './sql.js';
import { byProperty, type ColumnOf } from './where.js';

/** A column; with `-` in front, in descending order. */
export type Sort<T> = ColumnOf<T> | `-${ColumnOf<T>}`;

/** A total order of rows: by a column, and by the key if rows can be equal in it. */
export interface Order {
  columns: ColumnMetadata[];
  direction: 'ASC' | 'DESC';
}

/** A condition whose rows are contiguous in the index, as SQL. */
export type Range = (parameter: Sql['parameter']) => string;

/** By default the order of the key. @throws Error when there is no such column */
export function orderBy(
  metadata: EntityMetadata,
  sort: string = keyOf(metadata).propertyName,
  findColumn = byProperty(metadata),
): Order {
  const name = sort.replace(/^-/, '');
  const column = findColumn(name);
  if (!column) throw new Error(`There is no column "${name}" to sort by`);
  return {
    columns: isUnique(metadata, column) ? [column] : [column, keyOf(metadata)],
    direction: sort.startsWith('-') ? 'DESC' : 'ASC',
  };
}

export function keyOf({ primaryColumns: [key, ...more], name }: EntityMetadata): ColumnMetadata {
  if (!key || more.length > 0) throw new Error(`Lists need a primary key of one column; ${name} has another`);
  return key;
}

/**
 * The ranges of the rows after a position, in order: one or two. Null values come last, or first in
 * descending order. They are a range of their own, because no comparison matches null.
 */
export function rangesAfter({ columns, direction }: Order, position: unknown[]): Range[] {
  const [column, key] = columns.map(columnSql) as [string, string?];
  const [value, keyValue] = position;
  const after = direction === 'ASC' ? '>' : '<';
  const isNull: Range = () => `${column} IS NULL`;

  if (key === undefined) return [(parameter) => `${column} ${after} ${parameter(value)}`];
  if (value === null) {
    const rest: Range = (parameter) => `${column} IS NULL AND ${key} ${after} ${parameter(keyValue)}`;
    return direction === 'ASC' ? [rest] : [rest, () => `${column} IS NOT NULL`];
  }
  const rest: Range = (parameter) =>
    `(${column}, ${key}) ${after} (${parameter(value)}, ${parameter(keyValue)})`;
  return columns[0]!.isNullable && direction === 'ASC' ? [rest, isNull] : [rest];
}

/** A nullable column is not unique: its unique index accepts any number of null values. */
function isUnique({ primaryColumns, indices }: EntityMetadata, column: ColumnMetadata): boolean {
  if (primaryColumns.length === 1 && primaryColumns[0] === column) return true;
  const coversColumn = ({ isUnique, where, columns }: EntityMetadata['indices'][number]) =>
    isUnique && !where && columns.length === 1 && columns[0] === column;
  return !column.isNullable && indices.some(coversColumn);
}
