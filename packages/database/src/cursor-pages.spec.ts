import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CursorPage } from '@repo/contracts';
import fc from 'fast-check';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TimestampColumn } from './columns.js';
import type { PageRequest } from './page.js';
import type { Table } from './table.js';
import { createTestTables, type TestTables } from './testing/test-tables.js';

@Entity('entries')
@Index('uq_entries_name', ['name'], { unique: true })
class Entry {
  @PrimaryGeneratedColumn('identity', { type: 'int' })
  id: number;

  /** Few different values, so that rows are equal in it. */
  @Column({ type: 'int' })
  score: number;

  @Column({ type: 'text', nullable: true })
  grade: string | null;

  @TimestampColumn()
  at: Date;

  @Column({ type: 'text' })
  name: string;
}

type Values = Pick<Entry, 'score' | 'grade' | 'at'>;
/** Changes between two pages. */
type Step = { insert: Values[]; remove: number[] };

const values: fc.Arbitrary<Values> = fc.record({
  score: fc.integer({ min: 0, max: 2 }),
  grade: fc.constantFrom(null, null, 'a', 'b', 'ä'),
  at: fc.integer({ min: 0, max: 2 }).map((ms) => new Date(1_700_000_000_000 + ms)),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ insert: fc.array(values, { maxLength: 3 }), remove: fc.array(fc.nat(20), { maxLength: 3 }) }),
  { maxLength: 12 },
);
const sorts = ['id', 'score', 'grade', 'at', 'name'].flatMap((name) => [name, `-${name}`]);

describe('pages by cursor', () => {
  let tables: TestTables;
  let entries: Table<Entry>;
  let names = 0;

  const insert = (entry: Values) => entries.insert({ ...entry, name: `n${(names++ * 7919) % 10_007}` });
  const pageAt = (request: PageRequest) => entries.findPage(request) as Promise<CursorPage<Entry>>;

  beforeAll(async () => {
    tables = await createTestTables([Entry]);
    entries = tables.database.table(Entry);
  });
  afterAll(() => tables.drop());

  it('return each row that exists all the time once, while rows are inserted and deleted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(values, { maxLength: 15 }),
        steps,
        fc.constantFrom(...sorts),
        fc.integer({ min: 1, max: 4 }),
        async (initial, script, sort, size) => {
          await tables.dataSource.query('DELETE FROM test.entries');
          const permanent = new Set<number>();
          for (const entry of initial) permanent.add((await insert(entry)).id);

          const seen: number[] = [];
          let cursor: string | null = '';
          for (let turn = 0; cursor !== null; turn++) {
            const page: CursorPage<Entry> = await pageAt({ cursor, sort, items_per_page: size });
            seen.push(...page.data.map(({ id }) => id));
            expect(page.has_more).toBe(page.next_cursor !== null);
            cursor = page.next_cursor;
            const { insert: added = [], remove = [] } = script[turn] ?? {};
            for (const entry of added) await insert(entry);
            const there = await entries.findMany({});
            for (const index of remove) {
              const id = there[index]?.id;
              if (id === undefined) continue;
              await entries.hardDelete({ id });
              permanent.delete(id);
            }
          }

          expect(new Set(seen).size).toBe(seen.length);
          expect(seen).toEqual(expect.arrayContaining([...permanent]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(sorts)('have the order of the pages by number, sorted by %s', async (sort) => {
    await tables.dataSource.query('DELETE FROM test.entries');
    for (const entry of fc.sample(values, { numRuns: 20, seed: 7 })) await insert(entry);

    const walked: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: CursorPage<Entry> = await pageAt({ cursor, sort, items_per_page: 3 });
      walked.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }

    const { data } = await entries.findPage({ sort, items_per_page: 20 });
    expect(walked).toEqual(data.map(({ id }) => id));
  });

  describe('a cursor', () => {
    const INVALID = { status: 422, fields: [{ loc: ['query', 'cursor'], type: 'value_error' }] };
    const QUERY = { sort: 'at', score__gte: 0, items_per_page: 1 };
    let cursor: string;

    const forged = (change: (parts: unknown[]) => unknown): string => {
      const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
      return Buffer.from(JSON.stringify(change(parts))).toString('base64url');
    };

    beforeAll(async () => {
      await insert({ score: 0, grade: null, at: new Date() });
      await insert({ score: 1, grade: null, at: new Date() });
      cursor = (await pageAt({ ...QUERY, cursor: '' })).next_cursor!;
    });

    it('is valid with the same sort and filters only', async () => {
      await expect(pageAt({ ...QUERY, cursor })).resolves.toMatchObject({ data: [{}] });
      await expect(pageAt({ ...QUERY, cursor, items_per_page: 2 })).resolves.toMatchObject({
        data: [{}, {}],
      });
      for (const other of [
        { ...QUERY, sort: '-at' },
        { ...QUERY, sort: undefined },
        { ...QUERY, score__gte: 1 },
        { ...QUERY, score__gte: undefined },
        { ...QUERY, score__lt: 9 },
      ])
        await expect(pageAt({ ...other, cursor })).rejects.toMatchObject(INVALID);
    });

    it.each([
      ['other text', () => 'nonsense'],
      ['padding', () => `${cursor}=`],
      ['an object', () => forged(() => ({}))],
      ['too few parts', () => forged((parts) => parts.slice(0, 2))],
      ['too many parts', () => forged((parts) => [...parts, 1])],
      ['an id beyond int4', () => forged(([hash, at]) => [hash, at, 2 ** 31])],
      ['an id with a fraction', () => forged(([hash, at]) => [hash, at, 1.5])],
      ['an id that is text', () => forged(([hash, at]) => [hash, at, '1 OR 1=1'])],
      ['a time out of the range of PostgreSQL', () => forged(([hash, , id]) => [hash, -8.64e15, id])],
      ['null for a column that is not nullable', () => forged(([hash, , id]) => [hash, null, id])],
    ])('is refused when it is %s', async (_, make) => {
      await expect(pageAt({ ...QUERY, cursor: make() })).rejects.toMatchObject(INVALID);
    });
  });
});
