/** What a `.env` says, and the lines that cannot be read as everyone would expect. */
export interface EnvFile {
  values: Record<string, string>;
  /** A sentence for each such line, with its number. */
  problems: string[];
}

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/;
const QUOTED = /^(['"])(.*?)\1\s*(?: #.*)?$/;

/**
 * Reads a `.env`. Docker Compose reads the same file by its own rules: it replaces `$NAME` and `$$`, and backslashes between
 * double quotes. A line that has two meanings is refused, so that one file never gives two values.
 */
export function readEnvFile(text: string): EnvFile {
  const values: EnvFile['values'] = {};
  const problems: EnvFile['problems'] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, rest = ''] = LINE.exec(line) ?? [];
    const value = name === undefined ? undefined : valueOf(rest.trim());
    if (value === undefined) problems.push(`.env, line ${index + 1}: ${remedyFor(name)}`);
    else values[name!] = value;
  }
  return { values, problems };
}

/** The value, or undefined when it has no single meaning. */
function valueOf(text: string): string | undefined {
  if (!/^['"]/.test(text)) {
    const value = text.split(' #')[0]!.trim();
    return /\$|^#|\t#/.test(value) ? undefined : value;
  }
  const [, quote, value] = QUOTED.exec(text) ?? [];
  return quote === '"' && /[$\\]/.test(value!) ? undefined : value;
}

// The line itself is not shown: it may hold a password.
const remedyFor = (name: string | undefined) =>
  name === undefined
    ? 'is not of the form NAME=value'
    : `write the value of ${name} in single quotes, on one line and without a single quote in it: ${name}='…'`;
