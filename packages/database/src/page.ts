import type { Page } from '@repo/contracts';

/**
 * What a list was asked for; `cursor` (empty for the first page) asks for keyset pages. A `ListQuery` carries its
 * filters as well: `created_at__gte`.
 */
export interface PageRequest {
  page?: number;
  items_per_page?: number;
  cursor?: string;
  sort?: string;
}

/** The same page with each row turned into what a client sees. */
export function mapPage<T, R>(page: Page<T>, map: (row: T) => R): Page<R> {
  return { ...page, data: page.data.map(map) };
}
