import { existsSync, globSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Step } from './progress.ts';
import { ROOT } from './root.ts';
import { run, type RunResult } from './run.ts';

const MANIFESTS = [
  'package.json',
  '{apps,packages}/*/package.json',
  '*/package.json',
  'docs/examples/package.json',
];
const PNPM = join(ROOT, 'node_modules/.pnpm');
const TSC = 'node_modules/.bin/tsc';
const COMPILED = /\.(js|d\.ts)(\.map)?$/;

interface Options {
  signal?: AbortSignal;
  /** Shows a step that takes time. */
  step?: Step;
}

/** Makes the checkout ready to run: dependencies are installed, and what changed is compiled. */
export async function prepareCheckout(options: Options = {}): Promise<void> {
  const { signal, step = (_, work) => work() } = options;
  await ensureDependencies(options);
  await step('Compiling', () => compile({ signal }));
}

/** Installs the dependencies where they are missing or stale, with pnpm, which the bootstrap has put on the PATH. */
export async function ensureDependencies({
  signal,
  step = (_, work) => work(),
}: Options = {}): Promise<void> {
  const isCurrent = hasInstalledLockfile();
  if (isCurrent && hasDependencies() && hasPackages(PNPM) && existsSync(join(ROOT, TSC))) return;
  // pnpm trusts its record of what it installed; --force makes it look at the files.
  const args = ['install', '--frozen-lockfile', ...(isCurrent ? ['--force'] : [])];
  const message = 'pnpm could not install the dependencies: check the network, then start again.';
  await step('Dependencies', () => pnpm(args, { signal, message }));
}

export function pnpm(args: string[], options: { signal?: AbortSignal; message: string }): Promise<RunResult> {
  return run('pnpm', args, { cwd: ROOT, env: { ...process.env, CI: '1' }, ...options });
}

/** Compiles what changed in all workspaces, or in these and their dependencies. */
export async function compile({
  signal,
  workspaces = [],
}: { signal?: AbortSignal; workspaces?: string[] } = {}): Promise<void> {
  removeStaleOutput();
  const message = 'The code does not compile: see above.';
  await run(join(ROOT, TSC), ['-b', ...workspaces], { cwd: ROOT, signal, message });
}

/** pnpm keeps a copy of the lockfile that it installed. */
function hasInstalledLockfile(): boolean {
  const installed = join(PNPM, 'lock.yaml');
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(join(ROOT, 'pnpm-lock.yaml')));
}

/** Whether every dependency that a workspace names is there. The links of pnpm may lead nowhere. */
function hasDependencies(): boolean {
  return manifests().every((path) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
    const folder = join(ROOT, dirname(path), 'node_modules');
    return Object.keys({ ...dependencies, ...devDependencies }).every((name) =>
      existsSync(join(folder, name)),
    );
  });
}

/** Whether every package in pnpm's folder is complete: one that other packages need has a link in their folders. */
export function hasPackages(folder: string): boolean {
  const links = globSync('*/node_modules/{[!@.]*,@*/*}', { cwd: folder });
  return links.every((link) => existsSync(join(folder, link, 'package.json')));
}

const manifests = () => globSync(MANIFESTS, { cwd: ROOT });

/**
 * Removes compiled files whose source is gone: a deleted test would still run. Where a compiled file is missing or empty,
 * removes the record of the compiler, which would trust it and compile nothing.
 */
export function removeStaleOutput(workspaces = manifests().map(dirname)): void {
  for (const workspace of workspaces.map((path) => resolve(ROOT, path))) {
    const output = join(workspace, 'dist');
    const config = join(workspace, 'tsconfig.json');
    // What is left of a workspace of another branch is not compiled any more.
    if (!existsSync(output) || !existsSync(config)) continue;
    const { compilerOptions, include } = JSON.parse(readFileSync(config, 'utf8'));
    const root = join(workspace, compilerOptions.rootDir);
    for (const file of filesBelow(output)) {
      const source = join(root, file.replace(COMPILED, '.ts'));
      if (COMPILED.test(file) && !existsSync(source)) rmSync(join(output, file));
    }
    const sources = include.flatMap((folder: string) =>
      filesBelow(join(workspace, folder)).map((file) => relative(root, join(workspace, folder, file))),
    );
    if (!sources.every((source: string) => isCompiled(join(output, source))))
      rmSync(join(output, '.tsbuildinfo'), { force: true });
  }
}

function isCompiled(source: string): boolean {
  if (!source.endsWith('.ts') || source.endsWith('.d.ts')) return true;
  return ['.js', '.d.ts'].every((extension) => {
    const file = statSync(source.replace(/\.ts$/, extension), { throwIfNoEntry: false });
    return file !== undefined && file.size > 0;
  });
}

const filesBelow = (folder: string) =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
