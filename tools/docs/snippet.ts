// @ts-check
const MARKER = /^<!-- from (\S+?)(?:#([\w-]+))? -->$/;
/** The code has been removed, and is an example from now on. */
const GONE = /^<!-- was in \S+ -->$/;
const FENCE = /^(`{3,})(\w*)$/;
/** Languages whose blocks have to come from a file. */
const REAL = new Set(['ts', 'typescript', 'js', 'javascript']);

/**
 * The page with each marked block filled in from its file.
 *
 * @param {string} page
 * @param {(path: string) => string} read
 * @throws when a block of code has no marker, or a marker points at nothing
 */
export function fillIn(page, read) {
  const lines = page.split('\n');
  /** @type {string[]} */
  const out = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const fence = FENCE.exec(line);
    if (!fence) {
      if (MARKER.test(line) && !FENCE.test(lines[at + 1] ?? ''))
        throw new Error(`line ${at + 1}: a block of code has to follow "${line}"`);
      out.push(line);
      continue;
    }
    const [, ticks = '', language = ''] = fence;
    const end = lines.indexOf(ticks, at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: this block has no end`);
    const [, path, region] = MARKER.exec(out.at(-1) ?? '') ?? [];
    if (!path && REAL.has(language) && !GONE.test(out.at(-1) ?? ''))
      throw new Error(`line ${at + 1}: say above the block where it is from: <!-- from path#region -->`);
    const body = path ? regionOf(read(path), path, region).split('\n') : lines.slice(at + 1, end);
    out.push(line, ...body, ticks);
    at = end;
  }
  return out.join('\n');
}

/**
 * What stands between `// #region name` and its `// #endregion`, or the whole text, without marks of regions and
 * without common indentation.
 *
 * @param {string} text @param {string} path @param {string} [name]
 */
function regionOf(text, path, name) {
  const lines = text.trimEnd().split('\n');
  const start = name === undefined ? 0 : lines.findIndex((line) => isStart(line, name)) + 1;
  if (name !== undefined && start === 0) throw new Error(`${path} has no "// #region ${name}"`);
  let open = 1;
  const end = lines.findIndex((line, index) => {
    if (index < start || name === undefined) return false;
    if (isStart(line)) open++;
    return isEnd(line) && --open === 0;
  });
  if (name !== undefined && end < 0) throw new Error(`${path}: region ${name} has no "// #endregion"`);
  const body = lines.slice(start, end < 0 ? undefined : end).filter((line) => !isStart(line) && !isEnd(line));
  const indents = body.filter((line) => line.trim()).map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return body.map((line) => line.slice(indent)).join('\n');
}

/** @param {string} line @param {string} [name] */
function isStart(line, name) {
  const found = /^\s*\/\/ #region ([\w-]+)$/.exec(line)?.[1];
  return found !== undefined && (name === undefined || found === name);
}

/** @param {string} line */
function isEnd(line) {
  return /^\s*\/\/ #endregion$/.test(line);
}
