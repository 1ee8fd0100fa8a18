// Fails when no tsconfig.json includes a TypeScript file, which the tasks `build` and `lint` would not read, and when a
// file that could be TypeScript is JavaScript.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path/posix';
import { projectFiles } from '../lib/project-files.ts';
import { ROOT } from '../lib/root.ts';

interface Config {
  include?: string[];
}

/** The bootstrap, configuration files, and what a browser loads as it stands. */
const JAVASCRIPT =
  /^tools\/bootstrap\.js$|\.(config|preset)\.js$|^\.dependency-cruiser\.cjs$|^apps\/[^/]+\/assets\//;

/** Other JavaScript, which could be TypeScript. */
export function untypedFiles(files: string[]): string[] {
  return files.filter((file) => /\.([cm]?js|jsx)$/.test(file) && !JAVASCRIPT.test(file));
}

/** The files that no `include` covers: folders, and patterns of files. */
export function looseFiles(files: string[], configs: Record<string, Config>): string[] {
  const patterns = Object.entries(configs).flatMap(([path, { include = [] }]) =>
    include.map((pattern) => join(dirname(path), pattern.includes('*') ? pattern : `${pattern}/**`)),
  );
  return files.filter((file) => !patterns.some((pattern) => matchesGlob(file, pattern)));
}

if (import.meta.main) {
  const files = projectFiles(/\.([cm]?[jt]s|[jt]sx)$/).filter((file) => !file.includes('/templates/'));
  const untyped = untypedFiles(files);
  const paths = globSync('{apps/*,packages/*,docs/examples,tools}/tsconfig.json', { cwd: ROOT });
  const configs = paths.map((path) => [path, JSON.parse(readFileSync(join(ROOT, path), 'utf8'))]);
  const typed = files.filter((file) => /\.([cm]?ts|tsx)$/.test(file));
  const loose = looseFiles(typed, Object.fromEntries(configs));
  for (const file of loose)
    console.error(`${file}: no tsconfig.json includes it. Move it into a src folder or tools.`);
  for (const file of untyped) console.error(`${file}: write it in TypeScript.`);
  process.exitCode = loose.length + untyped.length === 0 ? 0 : 1;
}
