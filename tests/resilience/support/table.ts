import { readFileSync, writeFileSync } from 'node:fs';
import type { Row } from '../row.js';
import type { Report } from './report.js';

const BEGIN = '<!-- written by `npm run faults` -->';
const END = '<!-- end -->';
const HEAD = [
  '| row | promise | attempted | acknowledged | refused | unknown | seen | measured |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** Writes what was found out into the document; the lines of rows that did not run stay as they are. */
export function writeTable(file: string, rows: readonly Row[], reports: readonly Report[]): void {
  const document = readFileSync(file, 'utf8');
  const begin = document.indexOf(BEGIN) + BEGIN.length;
  const end = document.indexOf(END);
  const before = new Map(
    document
      .slice(begin, end)
      .split('\n')
      .map((line) => [/^\| `([^`]+)`/.exec(line)?.[1], line]),
  );
  const lines = rows.flatMap((row) => {
    const report = reports.find(({ name }) => name === row.name);
    return report ? lineOf(row, report) : (before.get(row.name) ?? []);
  });
  const table = [...HEAD, ...lines].join('\n');
  writeFileSync(file, `${document.slice(0, begin)}\n\n${table}\n\n${document.slice(end)}`);
}

function lineOf({ name, promise }: Row, { counts, measurements, kept }: Report): string {
  const { attempted, acknowledged, refused, unknown, seen = '' } = counts;
  const measured = measurements.map(
    (one) => `${one.what} ${one.value} (${one.limit})${one.kept ? '' : ' **broken**'}`,
  );
  const cells = [
    `\`${name}\`${kept ? '' : ' **broken**'}`,
    promise,
    ...[attempted, acknowledged, refused, unknown, seen].map((count) => count.toLocaleString('en')),
    measured.join('; '),
  ];
  return `| ${cells.join(' | ')} |`;
}
