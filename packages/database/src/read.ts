import type { Type } from '@nestjs/common';
import { fieldsOf } from '@repo/contracts';
import type { EntityMetadata, ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { keyOf } from './order.js';
import type { ColumnOf } from './where.js';

/** Names of columns, or a DTO class with the columns. */
type Selection<T> = readonly ColumnOf<T>[] | Type<object>;

export interface Join<R> {
  /** For rows without the related row: `inner` skips them, `left` returns null. */
  type: 'left' | 'inner';
  select?: Selection<R>;
  /** `row.tierName` instead of `row.tier.name`. */
  prefixed?: boolean;
}

export interface ReadOptions<T> {
  /** By default all columns. */
  select?: Selection<T>;
  /** Related rows, by relation. */
  join?: { [R in RelationOf<T>]?: Join<NonNullable<T[R]>> };
  /** Soft-deleted rows too. */
  withDeleted?: boolean;
  /** Locks the rows until the end of the transaction. */
  lock?: boolean;
}

/** The type of a row that is read with the options `O`. */
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

/** The columns of an entity that a DTO has: `created_at` is the column `createdAt`. */
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

/** A query that selects what the options request, the key and `alsoColumns`. */
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
  for (const { name, join, other } of joins(metadata, options)) {
    if (join.type === 'inner') query.innerJoin(`${alias}.${name}`, name);
    else query.leftJoin(`${alias}.${name}`, name);
    query.addSelect(
      paths(name, join.select ? [keyOf(other), ...selected(other, join.select)] : other.columns),
    );
  }
  return query;
}

/** Runs the query; `prefixed` joins are flattened. */
export async function rowsOf<T extends ObjectLiteral, const O extends ReadOptions<T>>(
  query: SelectQueryBuilder<T>,
  options: O | undefined,
): Promise<Row<T, O>[]> {
  const rows: Record<string, unknown>[] = await query.getMany();
  for (const { name, join, other } of joins(query.expressionMap.mainAlias!.metadata, options)) {
    if (join.prefixed) {
      for (const row of rows) flatten(row, name, join.select ? selected(other, join.select) : other.columns);
    }
  }
  return rows as Row<T, O>[];
}

/** Replaces `row.tier.name` with `row.tierName`. */
function flatten(row: Record<string, unknown>, name: string, columns: ColumnMetadata[]): void {
  const joined = row[name] as Record<string, unknown> | null;
  for (const { propertyName } of columns) {
    row[name + propertyName.charAt(0).toUpperCase() + propertyName.slice(1)] = joined?.[propertyName] ?? null;
  }
  delete row[name];
}

function joins<T>(metadata: EntityMetadata, options: ReadOptions<T> | undefined) {
  return Object.entries((options?.join ?? {}) as Record<string, Join<never>>).map(([name, join]) => {
    const relation = metadata.findRelationWithPropertyPath(name);
    if (!relation || !(relation.isManyToOne || relation.isOneToOne))
      throw new Error(`${metadata.name}.${name} is not a relation to one row and cannot be joined`);
    return { name, join, other: relation.inverseEntityMetadata };
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
