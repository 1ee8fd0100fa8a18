import { colour } from '../lib/progress.ts';

/** The levels of pino. */
const LEVELS: Record<string, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
/** Fields that have a place of their own, or are the same in every line of a process. */
const HIDDEN = new Set('level time msg message pid hostname name service err error'.split(' '));

interface LogEntry {
  level?: number | string;
  time?: number | string;
  msg?: string;
  message?: string;
  err?: LoggedError;
  error?: LoggedError;
}

interface LoggedError {
  message?: string;
  stack?: string;
}

/**
 * One line of a log for people: a line of JSON becomes time, level, message and the other fields; any other line stays
 * as it is.
 */
export function renderLine(line: string): string {
  const entry = parse(line);
  if (!entry) return line;
  const level = LEVELS[entry.level ?? 30] ?? String(entry.level);
  const paint = { warn: colour.yellow, error: colour.red, fatal: colour.red }[level] ?? String;
  const fields = Object.entries(entry)
    .filter(([name, value]) => !HIDDEN.has(name) && value !== null && value !== '')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const error = entry.err ?? entry.error;
  return [
    colour.dim(timeOf(entry.time)),
    paint(level.toUpperCase().padEnd(5)),
    entry.msg ?? entry.message ?? '',
    colour.dim(fields.join(' ')),
    error ? `\n${colour.red(error.stack ?? error.message ?? JSON.stringify(error))}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function parse(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}

function timeOf(time: number | string = ''): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toTimeString().slice(0, 8);
}
