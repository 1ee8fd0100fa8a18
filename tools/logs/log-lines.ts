// @ts-check

/** @type {Record<string, string>} */
const LEVELS = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
/** Shown in a place of their own, or the same in every line of a process. */
const HIDDEN = new Set([
  'level',
  'time',
  'msg',
  'message',
  'pid',
  'hostname',
  'name',
  'service',
  'err',
  'error',
]);

/**
 * One line of a log as a person reads it: a line of JSON becomes time, level, text and the fields that remain;
 * any other line stays as it is.
 *
 * @param {string} line
 * @param {import('../lib/progress.ts').Colours} colour
 */
export function renderLine(line, colour) {
  const entry = parse(line);
  if (!entry) return line;
  const level = LEVELS[entry.level] ?? String(entry.level ?? 'info');
  const paint =
    { warn: colour.yellow, error: colour.red, fatal: colour.red }[level] ??
    ((/** @type {string} */ text) => text);
  const fields = Object.entries(entry).filter(
    ([name, value]) => !HIDDEN.has(name) && value !== null && value !== '',
  );
  const error = entry.err ?? entry.error;
  return [
    colour.dim(timeOf(entry.time)),
    paint(level.toUpperCase().padEnd(5)),
    entry.msg ?? entry.message ?? '',
    colour.dim(
      fields
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' '),
    ),
    error ? `\n${colour.red(error.stack ?? error.message ?? JSON.stringify(error))}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * @param {string} line
 * @returns {Record<string, any> | undefined}
 */
function parse(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** @param {unknown} time */
function timeOf(time) {
  const date = new Date(/** @type {any} */ (time));
  return Number.isNaN(date.getTime()) ? '' : date.toTimeString().slice(0, 8);
}
