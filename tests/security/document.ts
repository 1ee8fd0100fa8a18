import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DerivedFiles } from '../../tools/sync/derived-files.ts';
import { ROOT } from '../../tools/lib/root.ts';
import type { Attack } from './attack.ts';
import { ATTACKS } from './attacks/index.ts';
import type { Measurement } from './measurements/measurement.ts';
import type { RequestsReport } from './requests/main.ts';

const PAGE = 'docs/security.md';

/** The page with the list of attacks as they are. */
export function securityPage(): DerivedFiles {
  return { [PAGE]: withPart('attacks', attackTables()) };
}

export function writeMeasurements(measurements: Measurement[]): void {
  const rows = measurements.map(
    ({ what, actual, limit, ok }) =>
      `| ${cell(what)} | ${cell(actual)}${ok ? '' : ' **exceeded**'} | ${cell(limit)} |`,
  );
  writePart('measured', ['| what | measured | limit |', '| --- | --- | --- |', ...rows].join('\n'));
}

export function writeRequests({ requests, accepted, refused, findings }: RequestsReport): void {
  const [sent, good, bad] = [requests, accepted, refused].map((count) => count.toLocaleString('en'));
  const sentence = `The last full run: ${sent} requests, ${good} accepted, ${bad} refused, ${findings.length} findings.`;
  writePart('requests', sentence);
}

function attackTables(): string {
  const tables = Object.entries(ATTACKS).map(([group, attacks]) =>
    [
      `#### ${group}: ${attacks.length}`,
      '',
      '| attack | expected answer | ASVS | API Top 10 |',
      '| --- | --- | --- | --- |',
      ...attacks.map(rowOf),
    ].join('\n'),
  );
  return tables.join('\n\n');
}

const rowOf = ({ name, expected, asvs, api }: Attack) =>
  `| ${cell(name)} | ${cell(expected)} | ${asvs} | ${api} |`;

function writePart(name: string, text: string): void {
  writeFileSync(join(ROOT, PAGE), withPart(name, text));
}

/** The page with another text between `<!-- <name> -->` and `<!-- /<name> -->`. */
function withPart(name: string, text: string): string {
  const page = readFileSync(join(ROOT, PAGE), 'utf8');
  const marker = `<!-- ${name} -->`;
  const start = page.indexOf(marker) + marker.length;
  const end = page.indexOf(`<!-- /${name} -->`);
  if (start < marker.length || end < start)
    throw new Error(`${PAGE} has no part between ${marker} and its end`);
  return `${page.slice(0, start)}\n\n${text}\n\n${page.slice(end)}`;
}

/** Escapes what Markdown would not show as it is. */
const cell = (text: string) => text.replace(/[\\|<>*_`{}[\]~$]/g, (char) => `&#${char.charCodeAt(0)};`);
