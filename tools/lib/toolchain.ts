// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { run } from './run.ts';

/**
 * Whether what is installed is what the lockfile asks for: pnpm keeps a copy of the one it installed.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  const installed = join(root, 'node_modules/.pnpm/lock.yaml');
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(join(root, 'pnpm-lock.yaml')));
}

/**
 * Installs the dependencies with the pnpm that package.json names.
 *
 * @param {string} root
 * @param {{ signal?: AbortSignal }} [options]
 */
export async function install(root, { signal } = {}) {
  const { packageManager } = manifest(root);
  await run('npx', ['-y', packageManager, 'install', '--frozen-lockfile'], {
    cwd: root,
    env: { ...process.env, CI: '1' },
    signal,
    otherwise: `The dependencies could not be installed with ${packageManager}.`,
  });
}

/**
 * Compiles what changed, in all workspaces.
 *
 * @param {string} root
 * @param {{ signal?: AbortSignal }} [options]
 */
export async function compile(root, { signal } = {}) {
  removeOrphans(root);
  await run(join(root, 'node_modules/.bin/tsc'), ['-b'], {
    cwd: root,
    signal,
    otherwise: 'The code does not compile.',
  });
}

/**
 * Removes compiled files whose source is gone: a deleted test, or migration, would go on running.
 *
 * @param {string} root
 */
function removeOrphans(root) {
  const workspaces = ['apps', 'packages'].flatMap((dir) =>
    readdirSync(join(root, dir)).map((name) => join(dir, name)),
  );
  for (const workspace of [...workspaces, 'docs/examples']) {
    const dist = join(root, workspace, 'dist');
    // What is left of an app of another branch is not compiled any more.
    if (!existsSync(dist) || !existsSync(join(root, workspace, 'tsconfig.json'))) continue;
    const source = sourceOf(root, workspace);
    for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(js|d\.ts)(\.map)?$/.test(file) || file.includes(`node_modules${sep}`)) continue;
      const name = file.replace(/\.(js|d\.ts)(\.map)?$/, '.ts');
      if (!existsSync(join(source, name))) rmSync(join(dist, file));
    }
  }
}

/**
 * @param {string} root
 * @param {string} workspace
 */
function sourceOf(root, workspace) {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, workspace, 'tsconfig.json'), 'utf8'));
  return join(root, workspace, compilerOptions.rootDir);
}

/** @param {string} root */
const manifest = (root) => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
