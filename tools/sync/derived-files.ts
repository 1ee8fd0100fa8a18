import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/root.ts';

/** Text files that are derived from the code: path in the repository → content. */
export type DerivedFiles = Record<string, string>;

/** The paths of those that do not have this content. */
export function staleFiles(files: DerivedFiles): string[] {
  return Object.entries(files)
    .filter(([path, text]) => {
      const file = join(ROOT, path);
      return !existsSync(file) || readFileSync(file, 'utf8') !== text;
    })
    .map(([path]) => path);
}
