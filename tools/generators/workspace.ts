// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../lib/run.ts';
import { compile, install, isInstalled } from '../lib/toolchain.ts';
import { startTestServers } from '../test/test-servers.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Generators run in a fresh clone too. */
export async function prepare() {
  if (!isInstalled(root)) await install(root);
}

/** @param {import('./places.ts').Place[]} places */
export function addTo(places) {
  for (const { file, add } of places) if (add) rewrite(file, add);
}

/** @param {import('./places.ts').Place[]} places */
export function removeFrom(places) {
  for (const { file, remove } of places) rewrite(file, remove);
}

/** @param {string} file @param {(text: string) => string} change */
export function rewrite(file, change) {
  const path = join(root, file);
  const bytes = readFileSync(path);
  if (bytes.includes(0)) return; // a picture
  const text = bytes.toString();
  const changed = change(text);
  if (changed !== text) writeFileSync(path, changed);
}

/** @param {string} folder */
export function removeIfEmpty(folder) {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

/** Links what package.json files ask for, and notes it in the lockfile. */
export async function link() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await run('npx', ['-y', packageManager, 'install', '--prefer-offline', '--no-frozen-lockfile'], {
    cwd: root,
    otherwise: `The dependencies could not be linked with ${packageManager}.`,
  });
}

/** Compiles, and brings everything that is derived from the code up to date. */
export async function rebuild() {
  await tool(process.execPath, ['tools/sync/sync.ts']);
}

/**
 * The migration that the entities of a service ask for, made as by hand: by its `migrate` command, against a
 * database that has run all others.
 *
 * @param {string} service
 * @param {string} name
 */
export async function generateMigration(service, name) {
  await compile(root);
  const servers = await startTestServers();
  try {
    for (const args of [['up'], ['generate', name]])
      await tool(process.execPath, [`apps/${service}/dist/src/database/migrate.js`, ...args], servers.env);
  } finally {
    await servers.stop();
  }
}

/** @param {string} command @param {string[]} args @param {Record<string, string>} [env] */
async function tool(command, args, env = {}) {
  await run(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    otherwise: `${command} ${args.join(' ')} failed.`,
  });
}
