import type { Page } from '@repo/contracts';

/** The query of a list, with its filters. `cursor` requests keyset pages; it is empty for the first. */
export interface PageRequest {
  page?: number;
  items_per_page?: number;
  cursor?: string;
  sort?: string;
}

export function mapPage<T, R>(page: Page<T>, map: (row: T) => R): Page<R> {
  return { ...page, data: page.data.map(map) };
}
