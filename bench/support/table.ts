// @ts-check

/**
 * Rows as a Markdown table, numbers to the right.
 *
 * @param {Record<string, string | number>[]} rows
 */
export function formatTable(rows) {
  const columns = Object.keys(rows[0] ?? {});
  const isNumber = (/** @type {string} */ column) => rows.every((row) => typeof row[column] === 'number');
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_, index) => Math.max(3, ...cells.map((row) => row[index].length)));
  const line = (/** @type {string[]} */ row) =>
    `| ${row.map((cell, index) => (isNumber(columns[index]) ? cell.padStart(widths[index]) : cell.padEnd(widths[index]))).join(' | ')} |`;
  const rule = columns.map((column, index) =>
    isNumber(column) ? `${'-'.repeat(widths[index] - 1)}:` : '-'.repeat(widths[index]),
  );
  return [line(columns), line(rule), ...cells.slice(1).map(line)].join('\n');
}
