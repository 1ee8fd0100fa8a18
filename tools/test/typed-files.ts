// Fails when no tsconfig.json includes a TypeScript file: the tasks `build` and `lint` would not read it.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path/posix';
import { projectFiles } from '../lib/project-files.ts';
import { ROOT } from '../lib/root.ts';

interface Config {
  include?: string[];
}

/** The files that no `include` covers: folders, and patterns of files. */
export function looseFiles(files: string[], configs: Record<string, Config>): string[] {
  const patterns = Object.entries(configs).flatMap(([path, { include = [] }]) =>
    include.map((pattern) => join(dirname(path), pattern.includes('*') ? pattern : `${pattern}/**`)),
  );
  return files.filter((file) => !patterns.some((pattern) => matchesGlob(file, pattern)));
}

if (import.meta.main) {
  const files = projectFiles(/\.([cm]?ts|tsx)$/).filter((file) => !file.includes('/templates/'));
  const paths = globSync('{apps/*,packages/*,docs/examples,tools}/tsconfig.json', { cwd: ROOT });
  const configs = paths.map((path) => [path, JSON.parse(readFileSync(join(ROOT, path), 'utf8'))]);
  const loose = looseFiles(files, Object.fromEntries(configs));
  for (const file of loose)
    console.error(`${file}: no tsconfig.json includes it. Move it into a src folder or tools.`);
  process.exitCode = loose.length === 0 ? 0 : 1;
}
