import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { byProperty, type ColumnOf, columnSql } from './where.js';

/** A column; with `-` in front, in descending order. */
export type Sort<T> = ColumnOf<T> | `-${ColumnOf<T>}`;

/** A total order of rows: by a column, and by the key if rows can be equal in it. */
export interface Order {
  columns: ColumnMetadata[];
  direction: 'ASC' | 'DESC';
}

/** A condition whose rows are contiguous in the index. */
export interface Range {
  sql: string;
  parameters: ObjectLiteral;
}

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
export function rangesAfter({ columns, direction }: Order, position: unknown[], alias: string): Range[] {
  const [column, key] = columns as [ColumnMetadata, ColumnMetadata?];
  const [value] = position;
  const name = columnSql(column, alias);
  const after = direction === 'ASC' ? '>' : '<';
  const parameters = Object.fromEntries(position.map((part, index) => [`after_${index}`, part]));
  const nulls = { sql: `${name} IS NULL`, parameters: {} };

  if (!key) return [{ sql: `${name} ${after} :after_0`, parameters }];
  if (value === null) {
    const rest = { sql: `${name} IS NULL AND ${columnSql(key, alias)} ${after} :after_1`, parameters };
    return direction === 'ASC' ? [rest] : [rest, { sql: `${name} IS NOT NULL`, parameters: {} }];
  }
  const rest = { sql: `(${name}, ${columnSql(key, alias)}) ${after} (:after_0, :after_1)`, parameters };
  return column.isNullable && direction === 'ASC' ? [rest, nulls] : [rest];
}

/** A nullable column is not unique: its unique index accepts any number of null values. */
function isUnique({ primaryColumns, indices }: EntityMetadata, column: ColumnMetadata): boolean {
  if (primaryColumns.length === 1 && primaryColumns[0] === column) return true;
  const coversColumn = ({ isUnique, where, columns }: EntityMetadata['indices'][number]) =>
    isUnique && !where && columns.length === 1 && columns[0] === column;
  return !column.isNullable && indices.some(coversColumn);
}
