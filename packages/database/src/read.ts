import type { Type } from '@nestjs/common';
import { fieldsOf } from '@repo/contracts';
import type { ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import { keyOf, type Order } from './order.js';
import { addConditions, type ColumnOf, type Condition } from './where.js';

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

/** A query for the rows that match, in the order. */
export function startRead<T extends ObjectLiteral>(
  repository: Repository<T>,
  conditions: Condition[],
  { select, withDeleted, lock }: ReadOptions = {},
  order?: Order,
): SelectQueryBuilder<T> {
  const { metadata } = repository;
  const alias = metadata.tableName;
  const query = repository.createQueryBuilder(alias);
  if (withDeleted) query.withDeleted();
  if (lock) query.setLock('pessimistic_write');
  if (select) {
    const fields = fieldsOf(select as Type<object>);
    const selected = fields.flatMap((field) => metadata.findColumnWithDatabaseName(field) ?? []);
    const columns = new Set([keyOf(metadata), ...selected, ...(order?.columns ?? [])]);
    query.select([...columns].map(({ propertyPath }) => `${alias}.${propertyPath}`));
  }
  addConditions(query, conditions, alias);
  for (const { propertyPath } of order?.columns ?? [])
    query.addOrderBy(`${alias}.${propertyPath}`, order!.direction);
  return query;
}
