import type { Page } from '@repo/contracts';
import type {
  DeepPartial,
  DeleteQueryBuilder,
  EntityMetadata,
  ObjectLiteral,
  Repository,
  SelectQueryBuilder,
  UpdateQueryBuilder,
} from 'typeorm';
import type { SoftDeleteQueryBuilder } from 'typeorm/query-builder/SoftDeleteQueryBuilder.js';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { type ListOptions, readPage } from './list.js';
import { keyOf, orderBy, type Sort } from './order.js';
import type { PageRequest } from './page.js';
import { type ReadOptions, type Row, rowsOf, startRead } from './read.js';
import type { Transaction } from './transaction.js';
import { addConditions, byProperty, toConditions, type Where } from './where.js';

export interface ManyOptions<T> extends ReadOptions<T> {
  /** By default the key. */
  sort?: Sort<T>;
  limit?: number;
}

/** The rows of one entity: `database.table(Post)`. All methods except `hardDelete` skip soft-deleted rows. */
export class Table<T extends ObjectLiteral> {
  constructor(private readonly repository: Repository<T>) {}

  /** The same table in a transaction; without one, this table. */
  in(tx: Transaction | undefined): Table<T> {
    return tx ? new Table(tx.manager.getRepository<T>(this.repository.target)) : this;
  }

  /** A query builder, for queries that the other methods cannot express. It skips soft-deleted rows. */
  query(alias: string): SelectQueryBuilder<T> {
    return this.repository.createQueryBuilder(alias);
  }

  async findOne<const O extends ReadOptions<T> = object>(
    where: Where<T>,
    options?: O,
  ): Promise<Row<T, O> | null> {
    const [row] = await rowsOf(this.select(where, options).limit(1), options);
    return row ?? null;
  }

  async findMany<const O extends ManyOptions<T> = object>(
    where: Where<T>,
    options?: O,
  ): Promise<Row<T, O>[]> {
    const { columns, direction } = orderBy(this.metadata, options?.sort ?? keyOf(this.metadata).propertyName);
    const query = this.select(where, options).limit(options?.limit);
    for (const { propertyPath } of columns) query.addOrderBy(`${query.alias}.${propertyPath}`, direction);
    return rowsOf(query, options);
  }

  /** One page, by number or, with `cursor`, by keyset. @throws InvalidInputError for an invalid cursor */
  findPage<const O extends ListOptions<T> = object>(
    request: PageRequest,
    options?: O,
  ): Promise<Page<Row<T, O>>> {
    return readPage(this.repository, request, options);
  }

  exists(where: Where<T>, options?: Pick<ReadOptions<T>, 'withDeleted'>): Promise<boolean> {
    return this.select(where, options).getExists();
  }

  count(where: Where<T>, options?: Pick<ReadOptions<T>, 'withDeleted'>): Promise<number> {
    return this.select(where, options).getCount();
  }

  /** @returns the row with its generated columns */
  async insert(values: DeepPartial<T>): Promise<T> {
    const row = this.repository.create(values);
    await this.repository.insert(row as QueryDeepPartialEntity<T>);
    for (const column of this.metadata.columns) {
      if (column.isNullable && column.getEntityValue(row) === undefined) column.setEntityValue(row, null);
    }
    return row;
  }

  /** @returns the number of rows */
  update(where: Where<T>, changes: QueryDeepPartialEntity<T>): Promise<number> {
    return this.write(this.repository.createQueryBuilder().update().set(changes), where);
  }

  /** @returns the number of rows */
  softDelete(where: Where<T>): Promise<number> {
    return this.write(this.repository.createQueryBuilder().softDelete(), where);
  }

  /** Also deletes soft-deleted rows. @returns the number of rows */
  hardDelete(where: Where<T>): Promise<number> {
    return this.write(this.repository.createQueryBuilder().delete(), where, { withDeleted: true });
  }

  private select(where: Where<T>, options?: ReadOptions<T>): SelectQueryBuilder<T> {
    const query = startRead(this.repository, options);
    addConditions(query, toConditions(where, byProperty(this.metadata)), query.alias);
    return query;
  }

  private async write(
    query: UpdateQueryBuilder<T> | SoftDeleteQueryBuilder<T> | DeleteQueryBuilder<T>,
    where: Where<T>,
    { withDeleted = false } = {},
  ): Promise<number> {
    const conditions = toConditions(where, byProperty(this.metadata));
    if (conditions.length === 0) throw new Error('This would write to every row: add a condition');
    const { deleteDateColumn } = this.metadata;
    if (!withDeleted && deleteDateColumn)
      conditions.push({ column: deleteDateColumn, operator: 'is_null', value: true });
    addConditions(query, conditions);
    const { affected } = await query.execute();
    return affected ?? 0;
  }

  private get metadata(): EntityMetadata {
    return this.repository.metadata;
  }
}
