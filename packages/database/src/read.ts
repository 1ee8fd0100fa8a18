import type { Type } from '@nestjs/common';
import { fieldsOf } from '@repo/contracts';
import type { EntityMetadata, ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { keyOf } from './order.js';
import type { ColumnOf } from './where.js';

/** Columns by name, or those that a DTO has. */
type Selection<T> = readonly ColumnOf<T>[] | Type<object>;

export interface Join<R> {
  /** `inner` leaves out rows that refer to nothing; `left` gives them null. */
  type: 'left' | 'inner';
  select?: Selection<R>;
  /** `row.tierName` instead of `row.tier.name`. */
  prefixed?: boolean;
}

/** How rows are read. */
export interface ReadOptions<T> {
  /** By default all columns. */
  select?: Selection<T>;
  /** Rows that this one refers to, by relation. */
  join?: { [R in RelationOf<T>]?: Join<NonNullable<T[R]>> };
  /** Soft-deleted rows too. */
  withDeleted?: boolean;
  /** Whoever else wants the rows for a change waits until the transaction is over. */
  lock?: boolean;
}

/** A row as the options ask for it. */
export type Row<T, O> = Selected<T, Option<O, 'select'>, Option<O, 'join'>> & Joined<T, Option<O, 'join'>>;

type Option<O, Name extends string> = O extends Record<Name, infer Value> ? Value : undefined;

type RelationOf<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends string | number | boolean | bigint | Date | readonly unknown[]
    ? never
    : K;
}[keyof T] &
  string;

type Selected<T, S, J = undefined> = S extends readonly (infer K)[]
  ? Pick<T, K & keyof T>
  : S extends Type<infer D>
    ? ColumnsOf<T, D>
    : J extends object
      ? Omit<T, keyof J>
      : T;

/** The part of an entity that a DTO shows: `created_at` is its column `createdAt`. */
export type ColumnsOf<T, Dto> = Pick<T, CamelCase<keyof Dto & string> & ColumnOf<T>>;

type CamelCase<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : S;

type Joined<T, J> = J extends object
  ? UnionToIntersection<{ [R in keyof J]: OneJoined<T, R, J[R]> }[keyof J]>
  : unknown;

type OneJoined<T, R, J> = R extends keyof T & string
  ? J extends { type: infer Kind; prefixed?: infer Prefixed; select?: infer S }
    ? Prefixed extends true
      ? {
          [K in keyof Selected<NonNullable<T[R]>, S> & string as `${R}${Capitalize<K>}`]:
            | Selected<NonNullable<T[R]>, S>[K]
            | NullOf<Kind>;
        }
      : { [K in R]: Selected<NonNullable<T[R]>, S> | NullOf<Kind> }
    : never
  : never;

type NullOf<Kind> = Kind extends 'inner' ? never : null;
type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (
  value: infer I,
) => void
  ? I
  : never;

/** A query that reads what the options ask for, and always the key and `alsoColumns`. */
export function startRead<T extends ObjectLiteral>(
  repository: Repository<T>,
  options: ReadOptions<T> | undefined,
  alsoColumns: ColumnMetadata[] = [],
): SelectQueryBuilder<T> {
  const { metadata } = repository;
  const alias = metadata.tableName;
  const query = repository.createQueryBuilder(alias);
  if (options?.withDeleted) query.withDeleted();
  if (options?.lock) query.setLock('pessimistic_write', undefined, [alias]);
  if (options?.select)
    query.select(paths(alias, [keyOf(metadata), ...selected(metadata, options.select), ...alsoColumns]));
  for (const { name, how, other } of joins(metadata, options)) {
    if (how.type === 'inner') query.innerJoin(`${alias}.${name}`, name);
    else query.leftJoin(`${alias}.${name}`, name);
    query.addSelect(paths(name, how.select ? [keyOf(other), ...selected(other, how.select)] : other.columns));
  }
  return query;
}

/** What the query finds, in the shape that the options ask for. */
export async function rowsOf<T extends ObjectLiteral, const O extends ReadOptions<T>>(
  query: SelectQueryBuilder<T>,
  options: O | undefined,
): Promise<Row<T, O>[]> {
  const rows: Record<string, unknown>[] = await query.getMany();
  for (const { name, how, other } of joins(query.expressionMap.mainAlias!.metadata, options)) {
    if (how.prefixed) {
      for (const row of rows) unfold(row, name, how.select ? selected(other, how.select) : other.columns);
    }
  }
  return rows as Row<T, O>[];
}

/** From `row.tier.name` to `row.tierName`. */
function unfold(row: Record<string, unknown>, name: string, columns: ColumnMetadata[]): void {
  const joined = row[name] as Record<string, unknown> | null;
  for (const { propertyName } of columns) {
    row[name + propertyName.charAt(0).toUpperCase() + propertyName.slice(1)] = joined?.[propertyName] ?? null;
  }
  delete row[name];
}

function joins<T>(metadata: EntityMetadata, options: ReadOptions<T> | undefined) {
  return Object.entries((options?.join ?? {}) as Record<string, Join<never>>).map(([name, how]) => {
    const relation = metadata.findRelationWithPropertyPath(name);
    if (!relation || !(relation.isManyToOne || relation.isOneToOne))
      throw new Error(`${metadata.name}.${name} does not refer to one row: it cannot be joined`);
    return { name, how, other: relation.inverseEntityMetadata };
  });
}

function selected(metadata: EntityMetadata, selection: readonly string[] | Type<object>): ColumnMetadata[] {
  if (typeof selection === 'function')
    return fieldsOf(selection).flatMap((field) => metadata.findColumnWithDatabaseName(field) ?? []);
  return selection.map((name) => {
    const column = metadata.findColumnWithPropertyName(name);
    if (!column) throw new Error(`${metadata.name} has no column ${name}`);
    return column;
  });
}

function paths(alias: string, columns: ColumnMetadata[]): string[] {
  return [...new Set(columns.map(({ propertyPath }) => `${alias}.${propertyPath}`))];
}
