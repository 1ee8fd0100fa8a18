import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import type { DerivedFiles } from '../sync/derived-files.ts';
import { fillIn } from './snippet.ts';

/** The pages that show code, with each block as it is in its file. */
export function guides(root: string): DerivedFiles {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const faults: string[] = [];
  const pages = globSync(['docs/guides/**/*.md', 'packages/api-client/README.md'], { cwd: root });
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
