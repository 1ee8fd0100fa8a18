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
import { type Order, orderBy, type Sort } from './order.js';
import type { PageRequest } from './page.js';
import { type ReadOptions, type Row, startRead } from './read.js';
import type { Transaction } from './transaction.js';
import { addConditions, byProperty, toConditions, type Where } from './where.js';

export interface ManyOptions<T, Dto = unknown> extends ReadOptions<Dto> {
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

  async findOne<Dto>(where: Where<T>, options?: ReadOptions<Dto>): Promise<Row<T, Dto> | null> {
    return this.select(where, options).limit(1).getOne();
  }

  async findMany<Dto>(where: Where<T>, options: ManyOptions<T, Dto> = {}): Promise<Row<T, Dto>[]> {
    const order = orderBy(this.metadata, options.sort);
    return this.select(where, options, order).limit(options.limit).getMany();
  }

  /** One page, by number or, with `cursor`, by keyset. @throws InvalidInputError for an invalid cursor */
  findPage<Dto>(request: PageRequest, options?: ListOptions<T, Dto>): Promise<Page<Row<T, Dto>>> {
    return readPage(this.repository, request, options);
  }

  exists(where: Where<T>, options?: Pick<ReadOptions, 'withDeleted'>): Promise<boolean> {
    return this.select(where, options).getExists();
  }

  count(where: Where<T>, options?: Pick<ReadOptions, 'withDeleted'>): Promise<number> {
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

  private select(where: Where<T>, options?: ReadOptions, order?: Order): SelectQueryBuilder<T> {
    return startRead(this.repository, toConditions(where, byProperty(this.metadata)), options, order);
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
