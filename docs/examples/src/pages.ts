import type { Page } from '@repo/contracts';
import { mapPage } from '@repo/database';

interface Row {
  id: number;
  title: string;
  internalNote: string;
}

// #region map-page
/** A page of rows becomes a page of what a client may see. */
export function toTitles(rows: Page<Row>): Page<{ id: number; title: string }> {
  return mapPage(rows, ({ id, title }) => ({ id, title }));
}
// #endregion
