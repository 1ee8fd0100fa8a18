import { aggregateFieldOf, payloadFieldsOf } from '@repo/contracts';
import type { EntityMetadata, ObjectLiteral, Repository } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EventHeader, OutboxRow } from './event-publisher.js';
import { execute } from './execute.js';
import { projectionOf } from './projection.js';
import { columnSql, Sql, tableSql } from './sql.js';
import { addConditions, type Condition, liveRows } from './where.js';

/** @returns the row with its generated columns */
export async function insertRow<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  values: ObjectLiteral,
): Promise<T> {
  const projection = projectionOf<T>(metadata, undefined);
  const sql = insertInto(metadata, values).add(` RETURNING ${projection.sql}`);
  const { rows } = await execute(manager, sql);
  return projection.toRow(rows[0]!);
}

/** @returns false when the row violates a unique index, and is not inserted */
export async function insertRowIfNew<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  values: ObjectLiteral,
): Promise<boolean> {
  const { rowCount } = await execute(manager, insertInto(metadata, values).add(' ON CONFLICT DO NOTHING'));
  return rowCount === 1;
}

/**
 * Inserts a row, and the event about it into the outbox, in one statement.
 *
 * @returns the row with its generated columns
 */
export async function insertRowAndEvent<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  values: ObjectLiteral,
  outbox: EntityMetadata,
  header: EventHeader,
): Promise<T> {
  const projection = projectionOf<T>(metadata, undefined);
  const sql = insertInto(metadata, values);
  const columnOf = (name: string) => columnSql(metadata.findColumnWithPropertyName(name)!);
  const aggregateId = `${columnOf(aggregateFieldOf(header.event))}::text`;
  const payload = payloadFieldsOf(header.event).map((name) => `'${name}', ${columnOf(name)}`);
  const id = sql.parameter(header.id);
  const event = sql.parameter(header.event);
  const envelope = sql.parameter(JSON.stringify(header));
  sql.text = `WITH inserted AS (${sql.text} RETURNING ${projection.sql}),
    event AS (INSERT INTO ${tableSql(outbox)} (id, event, aggregate_id, envelope)
      SELECT ${id}::uuid, ${event}, ${aggregateId}, (${envelope}::jsonb || jsonb_build_object(
        'aggregateId', ${aggregateId}, 'data', jsonb_build_object(${payload.join(', ')})))::text FROM inserted)
    SELECT ${projection.sql} FROM inserted`;
  const { rows } = await execute(manager, sql);
  return projection.toRow(rows[0]!);
}

/** A statement that inserts a row. Columns without a value get their default. */
export function insertInto(metadata: EntityMetadata, values: ObjectLiteral): Sql {
  const sql = new Sql(`INSERT INTO ${tableSql(metadata)} `);
  const { versionColumn } = metadata;
  const all = versionColumn ? { [versionColumn.propertyName]: 1, ...values } : values;
  const given = columnsOf(metadata, all);
  if (given.length === 0) return sql.add('DEFAULT VALUES');
  const columns = given.map(([column]) => columnSql(column)).join(', ');
  const parameters = given.map(([column, value]) => parameterOf(sql, column, value)).join(', ');
  return sql.add(`(${columns}) VALUES (${parameters})`);
}

/** Changes the rows that match and are not soft-deleted. @returns their number */
export async function updateRows<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  conditions: Condition[],
  changes: Values<T>,
): Promise<number> {
  return (await execute(manager, updateWhere(metadata, conditions, changes))).rowCount;
}

/** Changes the rows that match, and inserts an event into the outbox if there are any. @returns whether there are */
export async function updateRowsAndInsertEvent<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  conditions: Condition[],
  changes: Values<T>,
  outbox: EntityMetadata,
  { id, event, aggregateId, envelope }: OutboxRow,
): Promise<boolean> {
  const sql = updateWhere(metadata, conditions, changes);
  const [key, ...values] = [id, event, aggregateId, envelope].map(sql.parameter);
  sql.text = `WITH changed AS (${sql.text} RETURNING 1)
    INSERT INTO ${tableSql(outbox)} (id, event, aggregate_id, envelope)
    SELECT ${key}::uuid, ${values.join(', ')} FROM changed LIMIT 1`;
  return (await execute(manager, sql)).rowCount === 1;
}

/** A statement that changes the rows that match and are not soft-deleted. */
function updateWhere(metadata: EntityMetadata, conditions: Condition[], changes: ObjectLiteral): Sql {
  const { updateDateColumn, versionColumn } = metadata;
  const sql = new Sql(`UPDATE ${tableSql(metadata)} SET `);
  const given = columnsOf(metadata, changes);
  if (given.length === 0) throw new Error('There is nothing to change: name a column and its value');
  const assignments = given.map(
    ([column, value]) => `${columnSql(column)} = ${parameterOf(sql, column, value)}`,
  );
  if (updateDateColumn) assignments.push(`${columnSql(updateDateColumn)} = now()`);
  if (versionColumn) assignments.push(`${columnSql(versionColumn)} = ${columnSql(versionColumn)} + 1`);
  return where(sql.add(assignments.join(', ')), conditions, liveRows(metadata, conditions));
}

/** @returns the number of rows */
export async function hardDeleteRows<T extends ObjectLiteral>(
  { manager, metadata }: Repository<T>,
  conditions: Condition[],
): Promise<number> {
  const sql = where(new Sql(`DELETE FROM ${tableSql(metadata)}`), conditions, conditions);
  return (await execute(manager, sql)).rowCount;
}

/** @param given the conditions of the caller: without one, the statement would write to every row */
function where(sql: Sql, given: Condition[], all: Condition[]): Sql {
  if (given.length === 0) throw new Error('This would write to every row: add a condition');
  addConditions(sql, all);
  return sql;
}

/** The columns that have a value. @throws Error for a property that is not a column */
function columnsOf(metadata: EntityMetadata, values: ObjectLiteral): [ColumnMetadata, unknown][] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const column = metadata.findColumnWithPropertyName(name);
      if (!column) throw new Error(`${metadata.name} has no column ${name}`);
      return [column, value];
    });
}

/** Columns and their values. */
export type Values<T> = { [K in keyof T]?: T[K] | SqlOf };

/** Returns the SQL of a value: `(parameter) => \`now() + ${parameter(delay)}\``. */
export type SqlOf = (parameter: Sql['parameter']) => string;

/** The SQL of a value: a parameter, or the text that a function returns. */
function parameterOf(sql: Sql, column: ColumnMetadata, value: unknown): string {
  if (typeof value === 'function') return (value as SqlOf)(sql.parameter);
  const { driver } = column.entityMetadata.dataSource;
  return sql.parameter(driver.preparePersistentValue(value, column));
}
