import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { ROOT } from '../lib/root.ts';
import type { DerivedFiles } from '../sync/derived-files.ts';

const MARKER = /^<!-- from (\S+?)(?:#([\w-]+))? -->$/;
/** The code was removed from the repository, and is an example from then on. */
const REMOVED = /^<!-- was in \S+ -->$/;
const FENCE = /^(`{3,})(\w*)$/;
/** Languages whose blocks must come from a file. */
const FROM_FILES = new Set(['ts', 'typescript', 'js', 'javascript']);
const START = /^\s*\/\/ #region ([\w-]+)$/;
const END = /^\s*\/\/ #endregion$/;

/** The pages that show code, with each block as it is in its file. */
export function guides(): DerivedFiles {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const faults: string[] = [];
  const pages = globSync(['docs/guides/**/*.md', 'packages/api-client/README.md'], { cwd: ROOT });
  const files = pages.map((page) => {
    try {
      return [page, fillIn(read(page), read)];
    } catch (error) {
      faults.push(`${page}: ${error instanceof Error ? error.message : error}`);
      return [];
    }
  });
  if (faults.length > 0) throw new Failure(faults.join('\n'));
  return Object.fromEntries(files);
}

/**
 * The page with each marked block filled in from its file.
 *
 * @throws when a block of code has no marker, or the file or region of a marker does not exist
 */
export function fillIn(page: string, read: (path: string) => string): string {
  const lines = page.split('\n');
  const out: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [fence, ticks = '', language = ''] = FENCE.exec(line) ?? [];
    if (fence === undefined) {
      if (MARKER.test(line) && !FENCE.test(lines[at + 1] ?? ''))
        throw new Error(`line ${at + 1}: a block of code must follow "${line}"`);
      out.push(line);
      continue;
    }
    const end = lines.indexOf(ticks, at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: this block has no end`);
    const above = out.at(-1) ?? '';
    const [, path, region]: (string | undefined)[] = MARKER.exec(above) ?? [];
    if (!path && FROM_FILES.has(language) && !REMOVED.test(above))
      throw new Error(`line ${at + 1}: name the file above the block: <!-- from path#region -->`);
    const body = path ? regionOf(read(path), path, region).split('\n') : lines.slice(at + 1, end);
    out.push(line, ...body, ticks);
    at = end;
  }
  return out.join('\n');
}

/**
 * The lines between `// #region name` and its `// #endregion`, or the whole text, without marks of regions and without
 * common indentation.
 */
function regionOf(text: string, path: string, name: string | undefined): string {
  const lines = text.trimEnd().split('\n');
  const inside = name === undefined ? lines : linesOfRegion(lines, path, name);
  const body = inside.filter((line) => !START.test(line) && !END.test(line));
  const indent = Math.min(...body.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return body.map((line) => line.slice(indent)).join('\n');
}

function linesOfRegion(lines: string[], path: string, name: string): string[] {
  const start = lines.findIndex((line) => START.exec(line)?.[1] === name) + 1;
  if (start === 0) throw new Error(`${path} has no "// #region ${name}"`);
  let depth = 1;
  const length = lines.slice(start).findIndex((line) => {
    if (START.test(line)) depth++;
    return END.test(line) && --depth === 0;
  });
  if (length < 0) throw new Error(`${path}: region ${name} has no "// #endregion"`);
  return lines.slice(start, start + length);
}
