import type { FilterOperands, FilterOperator } from '@repo/contracts';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata, ObjectLiteral, WhereExpressionBuilder } from 'typeorm';

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

/** @param alias name of the table in the query; updates and deletes have none */
export function addConditions(query: WhereExpressionBuilder, conditions: Condition[], alias?: string): void {
  for (const [index, { column, operator, value }] of conditions.entries()) {
    const name = `where_${index}`;
    const [from, to] = operator === 'between' ? (value as unknown[]) : [value];
    const sql = SQL[operator](columnSql(column, alias), `:${name}`, value);
    query.andWhere(sql, { [name]: from, [`${name}_to`]: to });
  }
}

export function columnSql({ databaseName }: ColumnMetadata, alias?: string): string {
  return alias === undefined ? `"${databaseName}"` : `"${alias}"."${databaseName}"`;
}

/** The conditions in SQL. `ne` and `not_in` include rows without a value. */
const SQL: Record<FilterOperator, (column: string, parameter: string, value: unknown) => string> = {
  eq: (column, parameter) => `${column} = ${parameter}`,
  ne: (column, parameter) => `${column} IS DISTINCT FROM ${parameter}`,
  gt: (column, parameter) => `${column} > ${parameter}`,
  gte: (column, parameter) => `${column} >= ${parameter}`,
  lt: (column, parameter) => `${column} < ${parameter}`,
  lte: (column, parameter) => `${column} <= ${parameter}`,
  in: (column, parameter) => `${column} = ANY(${parameter})`,
  not_in: (column, parameter) => `(${column} = ANY(${parameter})) IS NOT TRUE`,
  like: (column, parameter) => `${column} LIKE ${parameter}`,
  ilike: (column, parameter) => `${column} ILIKE ${parameter}`,
  is_null: (column, _, value) => (value ? `${column} IS NULL` : `${column} IS NOT NULL`),
  between: (column, parameter) => `${column} BETWEEN ${parameter} AND ${parameter}_to`,
};
