import { existsSync, globSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Step } from './progress.ts';
import { ROOT } from './root.ts';
import { run, type RunResult } from './run.ts';

const MANIFESTS = [
  'package.json',
  '{apps,packages}/*/package.json',
  '*/package.json',
  'docs/examples/package.json',
];
const STORE = join(ROOT, 'node_modules/.pnpm');
const COMPILED = /\.(js|d\.ts)(\.map)?$/;

/** Installs the dependencies where they are missing, stale or damaged, and compiles what changed. */
export async function prepareCheckout({
  signal,
  step = (_, work) => work(),
}: { signal?: AbortSignal; step?: Step } = {}) {
  if (!isInstalled()) await step('Dependencies', () => installDependencies({ signal }));
  await step('Compiling', () => compile({ signal }));
}

/** Whether node_modules holds what the lockfile asks for, without gaps. */
export function isInstalled(): boolean {
  return hasInstalledLockfile() && hasAllDependencies();
}

/** Installs the dependencies with pnpm, which the bootstrap has put on the PATH. */
export async function installDependencies({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
  // pnpm trusts its record of what it installed; --force makes it look at the files.
  const force = hasInstalledLockfile() ? ['--force'] : [];
  await pnpm(['install', '--frozen-lockfile', ...force], {
    signal,
    message: 'pnpm could not install the dependencies: check the network, then start again.',
  });
}

export function pnpm(args: string[], options: { signal?: AbortSignal; message: string }): Promise<RunResult> {
  return run('pnpm', args, { cwd: ROOT, env: { ...process.env, CI: '1' }, ...options });
}

/** Compiles what changed in all workspaces. */
export async function compile({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
  removeStaleOutput();
  await run(bin('tsc'), ['-b'], { cwd: ROOT, signal, message: 'The code does not compile: see above.' });
}

/** The path of a program that a dependency of the root brings. */
function bin(name: string): string {
  return join(ROOT, 'node_modules/.bin', name);
}

/** pnpm keeps a copy of the lockfile that it installed. */
function hasInstalledLockfile(): boolean {
  const installed = join(STORE, 'lock.yaml');
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(join(ROOT, 'pnpm-lock.yaml')));
}

/**
 * Whether every package that a workspace needs is there, with all that it needs itself. Follows the links from the
 * workspaces: pnpm keeps packages that are no longer needed for some days, with links that lead nowhere.
 */
function hasAllDependencies(): boolean {
  const seen = new Set<string>();
  const waiting = manifests().flatMap((path) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
    const folder = join(ROOT, dirname(path), 'node_modules');
    return Object.keys({ ...dependencies, ...devDependencies }).map((name) => join(folder, name));
  });
  for (let link = waiting.pop(); link; link = waiting.pop()) {
    if (!existsSync(join(link, 'package.json'))) return false;
    const folder = siblingsOf(realpathSync(link));
    if (!folder || seen.has(folder)) continue;
    seen.add(folder);
    waiting.push(...packagesIn(folder).map((name) => join(folder, name)));
  }
  return true;
}

/** The folder in pnpm's store where a package finds its dependencies; undefined for a workspace. */
function siblingsOf(path: string): string | undefined {
  const end = path.lastIndexOf(`${sep}node_modules${sep}`);
  return path.startsWith(STORE) ? join(path.slice(0, end), 'node_modules') : undefined;
}

function packagesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((child) => join(name, child)) : [name],
    );
}

const manifests = () => globSync(MANIFESTS, { cwd: ROOT });

/** Removes compiled files whose source is gone: a deleted test would still run. */
function removeStaleOutput(): void {
  for (const workspace of manifests().map(dirname)) {
    const output = join(ROOT, workspace, 'dist');
    const config = join(ROOT, workspace, 'tsconfig.json');
    // What is left of a workspace of another branch is not compiled any more.
    if (!existsSync(output) || !existsSync(config)) continue;
    const { rootDir } = JSON.parse(readFileSync(config, 'utf8')).compilerOptions;
    for (const file of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
      const source = join(ROOT, workspace, rootDir, file.replace(COMPILED, '.ts'));
      if (COMPILED.test(file) && !existsSync(source)) rmSync(join(output, file));
    }
  }
}
