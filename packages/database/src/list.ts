import type { CursorPage, OffsetPage, Page } from '@repo/contracts';
import type { ObjectLiteral, Repository } from 'typeorm';
import { Cursor } from './cursor.js';
import { type Order, orderBy, rangesAfter, type Sort } from './order.js';
import type { PageRequest } from './page.js';
import { countRows, readRows, type ReadOptions, type Selection } from './read.js';
import { byColumnName, byProperty, toConditions, type Where } from './where.js';

export interface ListOptions<T, Dto = unknown> extends ReadOptions<Dto> {
  /** Conditions besides the filters of the client. */
  where?: Where<T>;
  /** The order when the client requests none; the key by default. */
  sort?: Sort<T>;
}

/** Reads the requested page. Requests have column names (`created_at__gte`), options have property names. */
export function readPage<T extends ObjectLiteral>(
  repository: Repository<T>,
  { page = 1, items_per_page: size = 10, cursor, sort, ...filters }: PageRequest,
  options: ListOptions<T> = {},
): Promise<Page<T>> {
  const { metadata } = repository;
  const order = sort ? orderBy(metadata, sort, byColumnName(metadata)) : orderBy(metadata, options.sort);
  const sent = Object.entries(filters).filter(([, value]) => value !== undefined);
  const conditions = [
    ...toConditions(options.where ?? {}, byProperty(metadata)),
    ...toConditions(Object.fromEntries(sent), byColumnName(metadata)),
  ];
  const selection = { ...options, conditions, order };
  if (cursor === undefined) return pageByNumber(repository, selection, page, size);
  const codec = new Cursor(order.columns, [sort, sent.toSorted()]);
  return pageByCursor(repository, selection, codec, cursor, size);
}

async function pageByNumber<T extends ObjectLiteral>(
  repository: Repository<T>,
  selection: Selection,
  page: number,
  size: number,
): Promise<OffsetPage<T>> {
  const before = (page - 1) * size;
  const data = await readRows(repository, { ...selection, offset: before, limit: size });
  const isLast = data.length < size && (data.length > 0 || before === 0);
  const total = isLast ? before + data.length : await countRows(repository, selection);
  return { data, total_count: total, has_more: page * size < total, page, items_per_page: size };
}

/** Reads one row more than the page has, to know whether there is another page. */
async function pageByCursor<T extends ObjectLiteral>(
  repository: Repository<T>,
  selection: Selection & { order: Order },
  codec: Cursor,
  cursor: string,
  size: number,
): Promise<CursorPage<T>> {
  const rows: T[] = [];
  const ranges = cursor === '' ? [undefined] : rangesAfter(selection.order, codec.decode(cursor));
  for (const range of ranges) {
    rows.push(...(await readRows(repository, { ...selection, range, limit: size + 1 - rows.length })));
    if (rows.length > size) break;
  }
  const data = rows.slice(0, size);
  const hasMore = rows.length > size;
  return { data, next_cursor: hasMore ? codec.encode(data.at(-1)!) : null, has_more: hasMore };
}
