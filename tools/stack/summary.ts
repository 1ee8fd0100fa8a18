import { relative } from 'node:path';
import { colour } from '../lib/progress.ts';
import { STAGES } from '../processes/managed-process.ts';
import type { Stack } from './stack.ts';

const ADMIN_PASSWORD = '!Ch4ng3Th1sP4ssW0rd!';

export interface SummaryOptions {
  stack: Stack;
  dir: string;
  watch: boolean;
}

/** A text that says which process runs where, and what the user can do next. */
export function summary({ stack, dir, watch }: SummaryOptions): string {
  const processes = [...stack.processes.values()]
    .sort((a, b) => STAGES.indexOf(a.spec.stage) - STAGES.indexOf(b.spec.stage))
    .map(({ name, spec, pid, logFile }) => [
      name,
      spec.address ?? '',
      String(pid ?? ''),
      readable(logFile.path),
    ]);
  const { ADMIN_USERNAME = 'admin', ADMIN_PASSWORD: password } = process.env;
  const url = stack.gatewayUrl;
  const facts = [
    ['API', `${url}/api/v1`],
    ['Docs', `${url}/docs`],
    ['First login', `${ADMIN_USERNAME} / ${password ? '(your ADMIN_PASSWORD)' : ADMIN_PASSWORD}`],
    ['Logs', 'npm run logs, or npm run logs -- users'],
    ['Data', `${dataDirs(stack, dir).map(readable).join(' and ')}; delete them with npm start -- --fresh`],
    ['Stop', 'Ctrl-C'],
    ...(watch ? [['Watching', 'a saved file restarts what it belongs to']] : []),
  ];
  return [
    '',
    table([['service', 'address', 'process', 'log'], ...processes]),
    '',
    ...facts.map(([title = '', text]) => `  ${colour.bold(title.padEnd(12))} ${text}`),
    '',
  ].join('\n');
}

function readable(path: string): string {
  const fromHere = relative(process.cwd(), path) || '.';
  return fromHere.startsWith('..') ? path : fromHere;
}

/** The directory of the stack and, if PostgreSQL cannot be there, that of PostgreSQL. */
function dataDirs(stack: Stack, dir: string): string[] {
  const postgres = stack.processes.get('postgres')?.spec.cwd ?? dir;
  return postgres.startsWith(dir) ? [dir] : [dir, postgres];
}

/** The first row is the head. */
function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  return [colour.bold(head), colour.dim(rule), ...body].map((line) => `  ${line}`).join('\n');
}
