import { readFileSync, writeFileSync } from 'node:fs';
import type { AttackResult } from './attack.js';
import type { Measurement } from './measure/measurement.js';
import type { RequestsReport } from './requests/main.js';

/** A part of docs/security.md that this suite writes, between `<!-- <name> -->` and `<!-- /<name> -->`. */
function partOf(document: string, name: string): { start: number; end: number } {
  const start = document.indexOf(`<!-- ${name} -->`);
  const end = document.indexOf(`<!-- /${name} -->`);
  if (start < 0 || end < start) throw new Error(`The document has no part "${name}"`);
  return { start: start + `<!-- ${name} -->`.length, end };
}

/** Replaces a part of a document. */
export function writePart(file: string, name: string, text: string): void {
  const document = readFileSync(file, 'utf8');
  const { start, end } = partOf(document, name);
  writeFileSync(file, `${document.slice(0, start)}\n\n${text}\n\n${document.slice(end)}`);
}

/** Whether a part of a document says what it would be written to say; how wide its columns are does not matter. */
export function isCurrent(file: string, name: string, text: string): boolean {
  const document = readFileSync(file, 'utf8');
  const { start, end } = partOf(document, name);
  return narrow(document.slice(start, end)) === narrow(text);
}

const narrow = (text: string) => text.replace(/-{2,}/g, '-').replace(/ +/g, ' ').trim();

/** A table per group of attacks. */
export function attackTables(results: AttackResult[]): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  return groups
    .map((group) => ({ group, rows: results.filter((result) => result.group === group) }))
    .map(({ group, rows }) =>
      [
        `#### ${group}: ${rows.length}`,
        '',
        '| what is tried | right answer | ASVS | API Top 10 |',
        '| --- | --- | --- | --- |',
        ...rows.map(({ name, right, asvs, api }) => `| ${cell(name)} | ${cell(right)} | ${asvs} | ${api} |`),
      ].join('\n'),
    )
    .join('\n\n');
}

export function measurementTable(measurements: Measurement[]): string {
  const rows = measurements.map(
    ({ what, seen, right, ok }) =>
      `| ${cell(what)} | ${cell(seen)}${ok ? '' : ' **broken**'} | ${cell(right)} |`,
  );
  return ['| what | measured | has to be |', '| --- | --- | --- |', ...rows].join('\n');
}

export function requestsSentence({ requests, accepted, refused, findings }: RequestsReport): string {
  const count = (number: number) => number.toLocaleString('en');
  return `The last full run: ${count(requests)} requests, ${count(accepted)} accepted, ${count(refused)} refused, ${findings.length} findings.`;
}

/** Text of a table: no bars, nothing that Markdown reads as its own. */
const cell = (text: string) => text.replace(/[\\|<>*_`{}[\]~$]/g, (char) => `&#${char.charCodeAt(0)};`);
