import type { Type } from '@nestjs/common';
import type { EntityMetadata, ObjectLiteral, Repository } from 'typeorm';
import { execute } from './execute.js';
import type { Order, Range } from './order.js';
import { projectionOf } from './projection.js';
import { columnSql, Sql, tableSql } from './sql.js';
import { addConditions, type ColumnOf, type Condition, liveRows } from './where.js';

export interface ReadOptions<Dto = unknown> {
  /** Reads the columns of this DTO class, and the key. By default all columns. */
  select?: Type<Dto>;
  /** Soft-deleted rows too. */
  withDeleted?: boolean;
  /** Locks the rows until the end of the transaction. */
  lock?: boolean;
}

/** The type of a row that is read with `select: Dto`. */
export type Row<T, Dto> = unknown extends Dto ? T : ColumnsOf<T, Dto>;

/** The columns of an entity that a DTO has: `created_at` is the column `createdAt`. */
export type ColumnsOf<T, Dto> = Pick<T, CamelCase<keyof Dto & string> & ColumnOf<T>>;

type CamelCase<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : S;

/** The rows that a read selects. */
export interface Selection extends ReadOptions {
  conditions: Condition[];
  order?: Order;
  /** A condition besides the others. */
  range?: Range;
  limit?: number;
  offset?: number;
}

/** Reads rows of the table of an entity. */
export async function readRows<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  selection: Selection,
): Promise<T[]> {
  const { select, order, offset, lock } = selection;
  const projection = projectionOf<T>(metadata, select as Type<object> | undefined, order?.columns);
  const sql = offset
    ? selectAfterOffset(metadata, projection.sql, selection)
    : addOrderAndLimit(selectFrom(metadata, projection.sql, selection), selection);
  if (lock) sql.add(' FOR UPDATE');
  const { rows } = await execute(manager, sql);
  return rows.map(projection.toRow);
}

/** The number of rows that match. */
export async function countRows<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  selection: Selection,
): Promise<number> {
  const { rows } = await execute(manager, selectFrom(metadata, 'count(*)::int', selection));
  return rows[0]![0] as number;
}

/** Whether a row matches. */
export async function rowExists<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  selection: Selection,
): Promise<boolean> {
  const { rows } = await execute(manager, selectFrom(metadata, '1', selection).add(' LIMIT 1'));
  return rows.length > 0;
}

/** Finds the keys first: PostgreSQL reads those that it skips from an index, and not their rows. */
function selectAfterOffset(metadata: EntityMetadata, columns: string, selection: Selection): Sql {
  const table = tableSql(metadata);
  const key = metadata.primaryColumns.map(columnSql).join(', ');
  const keys = addOrderAndLimit(selectFrom(metadata, key, selection), selection);
  keys.text = `SELECT ${columns} FROM ${table} WHERE (${key}) IN (${keys.text})`;
  return addOrder(keys, selection);
}

function addOrderAndLimit(sql: Sql, selection: Selection): Sql {
  const { limit, offset } = selection;
  addOrder(sql, selection);
  if (limit !== undefined) sql.add(` LIMIT ${sql.parameter(limit)}`);
  if (offset) sql.add(` OFFSET ${sql.parameter(offset)}`);
  return sql;
}

function addOrder(sql: Sql, { order }: Selection): Sql {
  const columns = order?.columns.map((column) => `${columnSql(column)} ${order.direction}`) ?? [];
  return columns.length > 0 ? sql.add(` ORDER BY ${columns.join(', ')}`) : sql;
}

function selectFrom(metadata: EntityMetadata, columns: string, selection: Selection): Sql {
  const { conditions, range, withDeleted } = selection;
  const sql = new Sql(`SELECT ${columns} FROM ${tableSql(metadata)}`);
  const all = withDeleted ? conditions : liveRows(metadata, conditions);
  addConditions(sql, all);
  if (range) sql.add(all.length === 0 ? ' WHERE ' : ' AND ').add(range(sql.parameter));
  return sql;
}
