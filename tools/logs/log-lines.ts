import { colour } from '../lib/progress.ts';

/** Fields that have a place of their own, or are the same in every line of a process. */
const HIDDEN = new Set(['level', 'time', 'msg', 'service', 'err']);

interface LogEntry {
  level?: string;
  time?: string;
  msg?: string;
  err?: { message?: string; stack?: string };
}

/**
 * One line of a log for people: a line of JSON becomes time, level, message and the other fields; any other line stays
 * as it is.
 */
export function renderLine(line: string): string {
  const entry = parse(line);
  if (!entry) return line;
  const { level = 'info', time, msg, err } = entry;
  const paint = { warn: colour.yellow, error: colour.red, fatal: colour.red }[level] ?? String;
  const fields = Object.entries(entry)
    .filter(([name, value]) => !HIDDEN.has(name) && value !== null && value !== '')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [
    time && colour.dim(new Date(time).toTimeString().slice(0, 8)),
    paint(level.toUpperCase().padEnd(5)),
    msg,
    colour.dim(fields.join(' ')),
    err && `\n${colour.red(err.stack ?? err.message ?? JSON.stringify(err))}`,
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
