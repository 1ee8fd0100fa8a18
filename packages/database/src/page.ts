import type { ListQuery, Page } from '@repo/contracts';

/** The query of a list, with its filters. `cursor` requests keyset pages; it is empty for the first. */
export type PageRequest = Partial<ListQuery>;

export function mapPage<T, R>(page: Page<T>, map: (row: T) => R): Page<R> {
  return { ...page, data: page.data.map(map) };
}
