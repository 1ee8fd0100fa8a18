import { FILTER_OPERATORS, type FilterOperands, type FilterOperator } from '@repo/contracts';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata, ObjectLiteral, WhereExpressionBuilder } from 'typeorm';

type Scalar = string | number | boolean | bigint | Date;

/** The properties of an entity that hold one value; relations do not. */
export type ColumnOf<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends Scalar ? K : never;
}[keyof T] &
  string;

/** What rows have to be like: `{ createdByUserId: 7, title__ilike: 'a%', createdAt__gte: day }`, all of it. */
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

/**
 * @param named finds the column that a field means
 * @throws Error for a field or an operator that there is not, and for a value that is missing: no mistake may end as
 * "no condition"
 */
export function toConditions(
  where: ObjectLiteral,
  named: (field: string) => ColumnMetadata | undefined,
): Condition[] {
  return Object.entries(where).map(([name, value]) => {
    const [field = '', operator = 'eq'] = name.split('__') as [string, FilterOperator?];
    const column = named(field);
    if (!column || !FILTER_OPERATORS.includes(operator)) throw new Error(`There is no filter "${name}"`);
    if (value === undefined || value === null)
      throw new Error(`The filter "${name}" has no value: what is empty is found with "${field}__is_null"`);
    return { column, operator, value };
  });
}

/** Finds columns as code calls them: `createdAt`. */
export const byProperty = (metadata: EntityMetadata) => (name: string) =>
  metadata.findColumnWithPropertyName(name);

/** Finds columns as clients call them: `created_at`. */
export const byColumnName = (metadata: EntityMetadata) => (name: string) =>
  metadata.findColumnWithDatabaseName(name);

/** Adds what rows have to be like. `alias` is what the query calls the table; an update or delete calls it nothing. */
export function addConditions(query: WhereExpressionBuilder, conditions: Condition[], alias?: string): void {
  for (const [index, { column, operator, value }] of conditions.entries()) {
    const name = `where_${index}`;
    const values: ObjectLiteral =
      operator === 'between'
        ? { [name]: (value as unknown[])[0], [`${name}_to`]: (value as unknown[])[1] }
        : { [name]: value };
    query.andWhere(toSql(columnSql(column, alias), operator, `:${name}`, value), values);
  }
}

export function columnSql({ databaseName }: ColumnMetadata, alias?: string): string {
  return alias === undefined ? `"${databaseName}"` : `"${alias}"."${databaseName}"`;
}

/** Comparisons in SQL. What is not equal to a value includes what is empty, as a reader expects. */
function toSql(column: string, operator: FilterOperator, value: string, given: unknown): string {
  switch (operator) {
    case 'eq':
      return `${column} = ${value}`;
    case 'ne':
      return `${column} IS DISTINCT FROM ${value}`;
    case 'gt':
      return `${column} > ${value}`;
    case 'gte':
      return `${column} >= ${value}`;
    case 'lt':
      return `${column} < ${value}`;
    case 'lte':
      return `${column} <= ${value}`;
    case 'in':
      return `${column} = ANY(${value})`;
    case 'not_in':
      return `(${column} = ANY(${value})) IS NOT TRUE`;
    case 'like':
      return `${column} LIKE ${value}`;
    case 'ilike':
      return `${column} ILIKE ${value}`;
    case 'is_null':
      return given ? `${column} IS NULL` : `${column} IS NOT NULL`;
    case 'between':
      return `${column} BETWEEN ${value} AND ${value}_to`;
  }
}
