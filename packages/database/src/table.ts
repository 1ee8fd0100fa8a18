import type { Page } from '@repo/contracts';
import type { DeepPartial, EntityMetadata, ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import { type ListOptions, readPage } from './list.js';
import { orderBy, type Sort } from './order.js';
import type { PageRequest } from './page.js';
import { countRows, readRows, type ReadOptions, type Row, rowExists } from './read.js';
import type { Transaction } from './transaction.js';
import { byProperty, type Condition, toConditions, type Where } from './where.js';
import { hardDeleteRows, insertRow, insertRowIfNew, updateRows, type Values } from './write.js';

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
    const [row] = await readRows(this.repository, {
      ...options,
      conditions: this.conditions(where),
      limit: 1,
    });
    return row ?? null;
  }

  async findMany<Dto>(where: Where<T>, options: ManyOptions<T, Dto> = {}): Promise<Row<T, Dto>[]> {
    const order = orderBy(this.metadata, options.sort);
    return readRows(this.repository, { ...options, conditions: this.conditions(where), order });
  }

  /** One page, by number or, with `cursor`, by keyset. @throws InvalidInputError for an invalid cursor */
  findPage<Dto>(request: PageRequest, options?: ListOptions<T, Dto>): Promise<Page<Row<T, Dto>>> {
    return readPage(this.repository, request, options);
  }

  async exists(where: Where<T>, options?: Pick<ReadOptions, 'withDeleted'>): Promise<boolean> {
    return rowExists(this.repository, { ...options, conditions: this.conditions(where) });
  }

  async count(where: Where<T>, options?: Pick<ReadOptions, 'withDeleted'>): Promise<number> {
    return countRows(this.repository, { ...options, conditions: this.conditions(where) });
  }

  /** @returns the row with its generated columns */
  async insert(values: DeepPartial<T>): Promise<T> {
    return insertRow(this.repository, values);
  }

  /** @returns false when a row with the same key, or the same value of a unique index, exists */
  async insertIfNew(values: Values<T>): Promise<boolean> {
    return insertRowIfNew(this.repository, values);
  }

  /** @returns the number of rows */
  async update(where: Where<T>, changes: Values<T>): Promise<number> {
    return updateRows(this.repository, this.conditions(where), changes);
  }

  /** @returns the number of rows */
  async softDelete(where: Where<T>): Promise<number> {
    const { deleteDateColumn, name } = this.metadata;
    if (!deleteDateColumn) throw new Error(`${name} has no @DeletedAtColumn() for soft deletes`);
    return this.update(where, {
      [deleteDateColumn.propertyName]: () => 'now()',
    } as Values<T>);
  }

  /** Also deletes soft-deleted rows. @returns the number of rows */
  async hardDelete(where: Where<T>): Promise<number> {
    return hardDeleteRows(this.repository, this.conditions(where));
  }

  private conditions(where: Where<T>): Condition[] {
    return toConditions(where, byProperty(this.metadata));
  }

  private get metadata(): EntityMetadata {
    return this.repository.metadata;
  }
}
