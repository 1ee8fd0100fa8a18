import type { CursorPage, OffsetPage, Page } from '@repo/contracts';
import type { ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import { Cursor } from './cursor.js';
import { keyOf, type Order, orderBy, type Range, rangesAfter, type Sort } from './order.js';
import type { PageRequest } from './page.js';
import { type ReadOptions, type Row, rowsOf, startRead } from './read.js';
import { addConditions, byColumnName, byProperty, toConditions, type Where } from './where.js';

export interface ListOptions<T> extends ReadOptions<T> {
  /** Conditions besides the filters of the client. */
  where?: Where<T>;
  /** The order when the client requests none; the key by default. */
  sort?: Sort<T>;
}

/** Reads the requested page. Requests have column names (`created_at__gte`), options have property names. */
export async function readPage<T extends ObjectLiteral, const O extends ListOptions<T>>(
  repository: Repository<T>,
  { page = 1, items_per_page: size = 10, cursor, sort, ...filters }: PageRequest,
  options?: O,
): Promise<Page<Row<T, O>>> {
  const { metadata } = repository;
  const order =
    sort === undefined
      ? orderBy(metadata, options?.sort ?? keyOf(metadata).propertyName)
      : orderBy(metadata, sort, byColumnName(metadata));
  const sent = Object.entries(filters).filter(([, value]) => value !== undefined);
  const conditions = [
    ...toConditions(options?.where ?? {}, byProperty(metadata)),
    ...toConditions(Object.fromEntries(sent), byColumnName(metadata)),
  ];
  const query = startRead(repository, options, order.columns);
  addConditions(query, conditions, query.alias);
  for (const { propertyPath } of order.columns)
    query.addOrderBy(`${query.alias}.${propertyPath}`, order.direction);

  if (cursor === undefined) return pageByNumber(query, options, page, size);
  const codec = new Cursor(order.columns, [sort, sent.toSorted()]);
  return pageByCursor(query, options, order, codec, cursor, size);
}

async function pageByNumber<T extends ObjectLiteral, const O extends ListOptions<T>>(
  query: SelectQueryBuilder<T>,
  options: O | undefined,
  page: number,
  size: number,
): Promise<OffsetPage<Row<T, O>>> {
  const before = (page - 1) * size;
  const data = await rowsOf(query.clone().offset(before).limit(size), options);
  const isLast = data.length < size && (data.length > 0 || before === 0);
  const total = isLast ? before + data.length : await query.getCount();
  return { data, total_count: total, has_more: page * size < total, page, items_per_page: size };
}

/** Reads one row more than the page has, to know whether there is another page. */
async function pageByCursor<T extends ObjectLiteral, const O extends ListOptions<T>>(
  query: SelectQueryBuilder<T>,
  options: O | undefined,
  order: Order,
  codec: Cursor,
  cursor: string,
  size: number,
): Promise<CursorPage<Row<T, O>>> {
  const rows: Row<T, O>[] = [];
  const ranges: (Range | null)[] =
    cursor === '' ? [null] : rangesAfter(order, codec.decode(cursor), query.alias);
  for (const range of ranges) {
    const part = query.clone().limit(size + 1 - rows.length);
    if (range) part.andWhere(range.sql, range.parameters);
    rows.push(...(await rowsOf<T, O>(part, options)));
    if (rows.length > size) break;
  }
  const data = rows.slice(0, size);
  const hasMore = rows.length > size;
  return { data, next_cursor: hasMore ? codec.encode(data.at(-1)!) : null, has_more: hasMore };
}
