import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, Index, PrimaryGeneratedColumn, VersionColumn } from 'typeorm';
import { CreatedAtColumn, DeletedAtColumn, TimestampColumn, UpdatedAtColumn } from './columns.js';
import { asConflict } from './database-errors.js';
import type { Table } from './table.js';
import { createTestTables, type TestTables } from './testing/test-tables.js';
import { responseSaver } from './transaction.js';

@Entity('books')
@Index('uq_books_isbn', ['isbn'], { unique: true })
class Book {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  @Column({ type: 'text' })
  isbn: string;

  @Column({ type: 'text', default: 'Untitled' })
  title: string;

  @Column({ type: 'int', nullable: true })
  pages: number | null;

  @TimestampColumn({ nullable: true })
  readAt: Date | null;

  @VersionColumn({ type: 'int' })
  version: number;

  @CreatedAtColumn()
  createdAt: Date;

  @UpdatedAtColumn()
  updatedAt: Date;

  @DeletedAtColumn()
  deletedAt: Date | null;
}

class BookRead {
  @ApiProperty({ type: 'integer' })
  id: number;

  @ApiProperty()
  title: string;

  @ApiProperty({ type: 'string', nullable: true })
  read_at: Date | null;
}

describe('Table', () => {
  let tables: TestTables;
  let books: Table<Book>;
  let isbn = 0;

  const aBook = (values: Partial<Book> = {}) => books.insert({ isbn: `isbn-${isbn++}`, ...values });
  const titles = (found: Pick<Book, 'title'>[]) => found.map(({ title }) => title);

  beforeAll(async () => {
    tables = await createTestTables([Book]);
    books = tables.database.table(Book);
  });
  beforeEach(() => tables.dataSource.query('TRUNCATE test.books RESTART IDENTITY'));
  afterAll(() => tables.drop());

  describe('insert', () => {
    it('returns the whole row', async () => {
      const inserted = await aBook({ title: 'Emma' });

      expect(inserted).toEqual(await books.findOne({ id: inserted.id }));
      expect(inserted).toMatchObject({ title: 'Emma', pages: null, version: 1, deletedAt: null });
    });

    it('names the field when its value is taken', async () => {
      await aBook({ isbn: 'same' });

      const error: unknown = await aBook({ isbn: 'same' }).catch((error: unknown) => error);

      expect(asConflict(error)).toMatchObject({
        status: 409,
        fields: [{ loc: ['body', 'isbn'], type: 'value_error', msg: 'Value is already taken' }],
      });
    });
  });

  describe('insertIfNew', () => {
    it('inserts a row, whose values may be SQL, once', async () => {
      const add = (pages: number) =>
        books.insertIfNew({ isbn: 'new', readAt: (parameter) => `to_timestamp(${parameter(60)})`, pages });

      expect([await add(1), await add(2)]).toEqual([true, false]);
      expect(await books.findMany({})).toMatchObject([{ isbn: 'new', readAt: new Date(60_000), pages: 1 }]);
    });
  });

  describe('autocommit', () => {
    it('commits each statement, and runs the callbacks after the last', async () => {
      const { database } = tables;
      const failing = database.autocommit(async (tx) => {
        await books.in(tx).insert({ isbn: 'kept' });
        tx.afterCommit(() => undefined);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await books.count({})).toBe(1);

      let counted = 0;
      await database.autocommit(async (tx) => {
        tx.afterCommit(async () => void (counted = await books.count({})));
        await books.in(tx).insert({ isbn: 'other' });
      });
      expect(counted).toBe(2);
    });

    it('is a transaction when the response must be saved with the change', async () => {
      const failing = responseSaver.run(
        () => Promise.reject(new Error('not saved')),
        () =>
          tables.database.autocommit(async (tx) => {
            await books.in(tx).insert({ isbn: 'lost' });
            return tx.saveResponse({});
          }),
      );

      await expect(failing).rejects.toThrow('not saved');
      expect(await books.count({})).toBe(0);
    });
  });

  describe('filters', () => {
    const DAY = new Date('2026-01-31T00:00:00.000Z');

    beforeEach(async () => {
      await aBook({ title: 'Emma', pages: 100, readAt: DAY });
      await aBook({ title: '100% Jane', pages: 200 });
      await aBook({ title: 'emma again', pages: null });
    });

    it.each([
      [{ title: 'Emma' }, ['Emma']],
      [{ title__eq: 'Emma' }, ['Emma']],
      [{ pages__ne: 100 }, ['100% Jane', 'emma again']],
      [{ pages__gt: 100 }, ['100% Jane']],
      [{ pages__gte: 100 }, ['Emma', '100% Jane']],
      [{ pages__lt: 200 }, ['Emma']],
      [{ pages__lte: 200 }, ['Emma', '100% Jane']],
      [{ pages__in: [100, 300] }, ['Emma']],
      [{ pages__in: [] }, []],
      [{ pages__not_in: [100, 300] }, ['100% Jane', 'emma again']],
      [{ title__like: 'E%' }, ['Emma']],
      [{ title__ilike: 'e%' }, ['Emma', 'emma again']],
      [{ title__like: '%\\%%' }, ['100% Jane']],
      [{ pages__is_null: true }, ['emma again']],
      [{ pages__is_null: false }, ['Emma', '100% Jane']],
      [{ pages__between: [100, 150] as const }, ['Emma']],
      [{ readAt__between: [DAY, DAY] as const }, ['Emma']],
      [{ readAt__in: [DAY] }, ['Emma']],
      [{ pages__gte: 100, title__ilike: '%jane' }, ['100% Jane']],
      [{ title: `' OR 1=1 --` }, []],
      [{}, ['Emma', '100% Jane', 'emma again']],
    ])('return the matching rows: %j', async (where, expected) => {
      expect(titles(await books.findMany(where))).toEqual(expected);
      expect(await books.count(where)).toBe(expected.length);
      expect(await books.exists(where)).toBe(expected.length > 0);
    });

    it.each([{ pages: undefined }, { pages__gt: null }, { nonsense: 1 }, { pages__about: 1 }])(
      'throw when they are invalid: %j',
      async (where) => {
        await expect(books.findMany(where as object)).rejects.toThrow(/filter/);
        await expect(books.hardDelete(where as object)).rejects.toThrow(/filter/);
      },
    );
  });

  describe('reading', () => {
    it('sorts and limits', async () => {
      for (const title of ['b', 'a', 'c']) await aBook({ title });

      expect(titles(await books.findMany({}, { sort: '-title', limit: 2 }))).toEqual(['c', 'b']);
    });

    it('selects the columns of a DTO, and the key', async () => {
      await aBook({ title: 'Emma' });

      expect({ ...(await books.findOne({ title: 'Emma' }, { select: BookRead })) }).toEqual({
        id: 1,
        title: 'Emma',
        readAt: null,
      });
    });

    it('locks rows until the end of the transaction', async () => {
      const { id } = await aBook({ pages: 0 });
      const addPage = () =>
        tables.database.transaction(async (tx) => {
          const book = await books.in(tx).findOne({ id }, { lock: true });
          await books.in(tx).update({ id }, { pages: book!.pages! + 1 });
        });

      await Promise.all([addPage(), addPage(), addPage()]);

      expect(await books.findOne({ id })).toMatchObject({ pages: 3 });
    });
  });

  describe('writing', () => {
    it('updates the matching rows and returns their number', async () => {
      const { id } = await aBook({ title: 'Emma' });
      await aBook({ title: 'Other' });

      expect(await books.update({ id }, { title: 'Emma, 2nd edition' })).toBe(1);
      expect(await books.update({ id: 99 }, { title: 'x' })).toBe(0);
      expect(titles(await books.findMany({}))).toEqual(['Emma, 2nd edition', 'Other']);
      expect(await books.findOne({ id })).toMatchObject({ version: 2 });
    });

    it('skips soft-deleted rows in reads and writes', async () => {
      const { id } = await aBook();

      expect(await books.softDelete({ id })).toBe(1);

      expect(await books.findOne({ id })).toBeNull();
      expect(await books.findMany({})).toEqual([]);
      expect(await books.findPage({})).toMatchObject({ data: [], total_count: 0 });
      expect(await books.count({})).toBe(0);
      expect(await books.exists({ id })).toBe(false);
      expect(await books.update({ id }, { title: 'x' })).toBe(0);
      expect(await books.softDelete({ id })).toBe(0);
      expect(await books.findOne({ id }, { withDeleted: true })).toMatchObject({
        deletedAt: expect.any(Date),
      });
      expect(await books.exists({ id }, { withDeleted: true })).toBe(true);
    });

    it('hard-deletes rows, also soft-deleted ones', async () => {
      const { id } = await aBook();
      await books.softDelete({ id });

      expect(await books.hardDelete({ id })).toBe(1);
      expect(await books.exists({ id }, { withDeleted: true })).toBe(false);
    });

    it('throws when a write has no condition', async () => {
      await aBook();

      await expect(books.hardDelete({})).rejects.toThrow('every row');
      await expect(books.softDelete({})).rejects.toThrow('every row');
      await expect(books.update({}, { title: 'x' })).rejects.toThrow('every row');
      expect(await books.count({ title: 'Untitled' })).toBe(1);
    });

    it('is rolled back with its transaction', async () => {
      const failing = tables.database.transaction(async (tx) => {
        await books.in(tx).insert({ isbn: 'x' });
        expect(await books.in(tx).count({})).toBe(1);
        expect(await books.count({})).toBe(0);
        throw new Error('no');
      });

      await expect(failing).rejects.toThrow('no');
      expect(await books.count({})).toBe(0);
    });
  });
});
