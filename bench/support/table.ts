import type { ResultRow } from './benchmark.ts';

/** Formats rows as a Markdown table. Numbers are aligned to the right. */
export function formatTable(rows: ResultRow[]): string {
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({
    name,
    cells: rows.map((row) => String(row[name])),
    isNumber: rows.every((row) => typeof row[name] === 'number'),
  }));
  const widths = columns.map(({ name, cells }) =>
    Math.max(3, name.length, ...cells.map(({ length }) => length)),
  );
  const line = (cellOf: (column: (typeof columns)[number], width: number) => string) =>
    `| ${columns.map((column, index) => cellOf(column, widths[index]!)).join(' | ')} |`;
  const aligned = (text: string, isNumber: boolean, width: number) =>
    isNumber ? text.padStart(width) : text.padEnd(width);
  return [
    line(({ name, isNumber }, width) => aligned(name, isNumber, width)),
    line(({ isNumber }, width) => (isNumber ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))),
    ...rows.map((_, row) => line(({ cells, isNumber }, width) => aligned(cells[row]!, isNumber, width))),
  ].join('\n');
}
