import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text files that are derived from the code: path in the repository → content. */
export type DerivedFiles = Record<string, string>;

/** The paths of those that do not have this content. */
export function staleFiles(root: string, files: DerivedFiles): string[] {
  return Object.entries(files)
    .filter(([path, text]) => {
      const file = join(root, path);
      return !existsSync(file) || readFileSync(file, 'utf8') !== text;
    })
    .map(([path]) => path);
}

/** Writes those that are stale, and returns their paths. */
export function writeStale(root: string, files: DerivedFiles): string[] {
  const stale = staleFiles(root, files);
  for (const path of stale) writeFileSync(join(root, path), files[path] ?? '');
  return stale;
}
