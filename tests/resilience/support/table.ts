import { readFileSync, writeFileSync } from 'node:fs';
import type { Scenario } from '../scenario.ts';
import type { Report } from './report.ts';

const BEGIN = '<!-- written by `npm run resilience` -->';
const END = '<!-- end -->';
const HEAD = [
  '| scenario | guarantee | attempted | acknowledged | refused | unknown | actual | measured |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** Writes the results into the document. The rows of scenarios that did not run stay as they are. */
export function writeTable(file: string, scenarios: readonly Scenario[], reports: readonly Report[]): void {
  const document = readFileSync(file, 'utf8');
  const begin = document.indexOf(BEGIN) + BEGIN.length;
  const end = document.indexOf(END);
  const before = new Map(
    document
      .slice(begin, end)
      .split('\n')
      .map((line) => [/^\| `([^`]+)`/.exec(line)?.[1], line]),
  );
  const rows = scenarios.flatMap((scenario) => {
    const report = reports.find(({ name }) => name === scenario.name);
    return report ? rowOf(scenario, report) : (before.get(scenario.name) ?? []);
  });
  const table = [...HEAD, ...rows].join('\n');
  writeFileSync(file, `${document.slice(0, begin)}\n\n${table}\n\n${document.slice(end)}`);
}

function rowOf({ name, guarantee }: Scenario, { counts, measurements, kept }: Report): string {
  const { attempted, acknowledged, refused, unknown, actual = '' } = counts;
  const measured = measurements.map(
    (one) => `${one.what} ${one.value} (${one.limit})${one.kept ? '' : ' **broken**'}`,
  );
  const cells = [
    `\`${name}\`${kept ? '' : ' **broken**'}`,
    guarantee,
    ...[attempted, acknowledged, refused, unknown, actual].map((count) => count.toLocaleString('en')),
    measured.join('; '),
  ];
  return `| ${cells.join(' | ')} |`;
}
