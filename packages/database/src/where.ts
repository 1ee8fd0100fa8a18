import type { FilterOperands, FilterOperator } from '@repo/contracts';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import { columnSql, type Sql } from './sql.js';

type Scalar = string | number | boolean | bigint | Date;

/** The properties of an entity that are columns, not relations. */
export type ColumnOf<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends Scalar ? K : never;
}[keyof T] &
  string;

/** Conditions, which must all hold: `{ createdByUserId: 7, title__ilike: 'a%', createdAt__gte: day }`. */
export type Where<T> = {
  [K in ColumnOf<T>]?: NonNullable<T[K]>;
} & {
  [K in `${ColumnOf<T>}__${FilterOperator}`]?: K extends `${infer C}__${infer O}`
    ? C extends ColumnOf<T>
      ? O extends FilterOperator
        ? FilterOperands<NonNullable<T[C]>>[O]
        : never
      : never
    : never;
};

export interface Condition {
  column: ColumnMetadata;
  operator: FilterOperator;
  value: unknown;
}

/** Finds columns by the name in code: `createdAt`. */
export const byProperty = (metadata: EntityMetadata) => (name: string) =>
  metadata.findColumnWithPropertyName(name);

/** Finds columns by the name in the API: `created_at`. */
export const byColumnName = (metadata: EntityMetadata) => (name: string) =>
  metadata.findColumnWithDatabaseName(name);

/** @throws Error for an unknown field or operator or a missing value: no mistake may mean "no condition" */
export function toConditions(
  where: ObjectLiteral,
  findColumn: (name: string) => ColumnMetadata | undefined,
): Condition[] {
  return Object.entries(where).map(([name, value]) => {
    const [field = '', operator = 'eq'] = name.split('__') as [string, FilterOperator?];
    const column = findColumn(field);
    if (!column || !Object.hasOwn(SQL, operator)) throw new Error(`There is no filter "${name}"`);
    if (value === undefined || value === null)
      throw new Error(`The filter "${name}" has no value: use "${field}__is_null" to find rows without one`);
    return { column, operator, value };
  });
}

/** The conditions, for rows that are not soft-deleted. */
export function liveRows({ deleteDateColumn }: EntityMetadata, conditions: Condition[]): Condition[] {
  if (!deleteDateColumn) return conditions;
  return [...conditions, { column: deleteDateColumn, operator: 'is_null', value: true }];
}

/** The conditions as SQL, all of which must hold; the values become parameters of the statement. */
export function addConditions(sql: Sql, conditions: Condition[]): void {
  for (const [index, { column, operator, value }] of conditions.entries())
    sql.add(index === 0 ? ' WHERE ' : ' AND ').add(SQL[operator](columnSql(column), value, sql.parameter));
}

type Parameter = Sql['parameter'];

/** The conditions in SQL. `ne` and `not_in` include rows without a value. */
const SQL: Record<FilterOperator, (column: string, value: unknown, parameter: Parameter) => string> = {
  eq: (column, value, parameter) => `${column} = ${parameter(value)}`,
  ne: (column, value, parameter) => `${column} IS DISTINCT FROM ${parameter(value)}`,
  gt: (column, value, parameter) => `${column} > ${parameter(value)}`,
  gte: (column, value, parameter) => `${column} >= ${parameter(value)}`,
  lt: (column, value, parameter) => `${column} < ${parameter(value)}`,
  lte: (column, value, parameter) => `${column} <= ${parameter(value)}`,
  in: (column, value, parameter) => `${column} = ANY(${parameter(value)})`,
  not_in: (column, value, parameter) => `(${column} = ANY(${parameter(value)})) IS NOT TRUE`,
  like: (column, value, parameter) => `${column} LIKE ${parameter(value)}`,
  ilike: (column, value, parameter) => `${column} ILIKE ${parameter(value)}`,
  is_null: (column, value) => (value ? `${column} IS NULL` : `${column} IS NOT NULL`),
  between: (column, value, parameter) => {
    const [from, to] = value as unknown[];
    return `${column} BETWEEN ${parameter(from)} AND ${parameter(to)}`;
  },
};
