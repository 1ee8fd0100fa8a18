import { describe, expect, it } from '@jest/globals';
import type { SelectQueryBuilder } from 'typeorm';
import { mapPage, paginate, type PageRequest } from './page.js';

interface Row {
  id: number;
}

/** Answers a query over rows with these ids, as the database would. */
function queryOver(ids: number[]) {
  let after = 0;
  let offset = 0;
  let limit = Infinity;
  const query = {
    alias: 'row',
    orderBy: () => query,
    andWhere: (_: string, { cursor }: { cursor: number }) => ((after = cursor), query),
    skip: (count: number) => ((offset = count), query),
    take: (count: number) => ((limit = count), query),
    getMany: async () =>
      ids
        .filter((id) => id > after)
        .slice(offset, offset + limit)
        .map((id) => ({ id })),
    getManyAndCount: async (): Promise<[Row[], number]> => [await query.getMany(), ids.length],
  };
  return query as unknown as SelectQueryBuilder<Row>;
}

const IDS = [3, 5, 8, 13, 21];
const page = (request: PageRequest, ids = IDS) => paginate(queryOver(ids), request);

describe('paginate', () => {
  it('gives the first ten without being told', async () => {
    expect(await page({})).toEqual({
      data: IDS.map((id) => ({ id })),
      total_count: 5,
      has_more: false,
      page: 1,
      items_per_page: 10,
    });
  });

  it.each([
    [1, [3, 5], true],
    [2, [8, 13], true],
    [3, [21], false],
    [4, [], false],
  ])('gives page %i', async (number, ids, hasMore) => {
    const answer = await page({ page: number, items_per_page: 2 });

    expect(answer).toMatchObject({ data: ids.map((id) => ({ id })), total_count: 5, has_more: hasMore });
  });

  it('walks from cursor to cursor, and says when it is through', async () => {
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer: { data: Row[]; next_cursor: string | null } = (await page({
        cursor,
        items_per_page: 2,
      })) as never;
      seen.push(...answer.data.map(({ id }) => id));
      cursor = answer.next_cursor;
    }

    expect(seen).toEqual(IDS);
  });

  it('promises no next page after a last page that is full', async () => {
    expect(await page({ cursor: '', items_per_page: 5 })).toMatchObject({
      next_cursor: null,
      has_more: false,
    });
  });

  it.each([
    'nonsense',
    'aWQ6',
    'aWQ6MTA=',
    Buffer.from('id:-1').toString('base64url'),
    Buffer.from('id:007').toString('base64url'),
    Buffer.from('id:2147483648').toString('base64url'),
    Buffer.from('id:1 OR 1=1').toString('base64url'),
  ])('refuses the cursor %j', async (cursor) => {
    await expect(page({ cursor })).rejects.toMatchObject({
      status: 422,
      fields: [{ loc: ['query', 'cursor'], type: 'value_error' }],
    });
  });

  it('maps rows and keeps the rest', async () => {
    expect(mapPage(await page({ cursor: '', items_per_page: 1 }), ({ id }) => id)).toMatchObject({
      data: [3],
      has_more: true,
    });
  });
});
