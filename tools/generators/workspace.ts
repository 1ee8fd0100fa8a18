import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runMain } from '../lib/main.ts';
import { ROOT } from '../lib/root.ts';
import { run } from '../lib/run.ts';
import { compile, ensureDependencies, pnpm } from '../lib/toolchain.ts';
import { startTestServers } from '../test/test-servers.ts';
import type { Edit } from './edits.ts';

/** Runs a command of the generators, which may be the first command in a new clone. */
export async function runCommand(work: (args: string[]) => Promise<void>): Promise<void> {
  await runMain(async () => {
    await ensureDependencies();
    await work(process.argv.slice(2));
  });
}

export function applyEdits(edits: Edit[]): void {
  for (const { file, apply } of edits) rewrite(file, apply);
}

export function revertEdits(edits: Edit[]): void {
  for (const { file, revert } of edits.toReversed()) rewrite(file, revert);
}

/** Changes a text file, and returns whether it has another content now. */
export function rewrite(file: string, change: (text: string) => string): boolean {
  const path = join(ROOT, file);
  const bytes = readFileSync(path);
  if (bytes.includes(0)) return false; // an image
  const text = bytes.toString();
  const changed = change(text);
  if (changed !== text) writeFileSync(path, changed);
  return changed !== text;
}

/** Removes a file, and the folders that are empty then. */
export function removeFile(file: string): void {
  rmSync(join(ROOT, file), { force: true });
  for (let folder = dirname(join(ROOT, file)); isEmpty(folder); folder = dirname(folder))
    rmSync(folder, { recursive: true });
}

const isEmpty = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length === 0;

/** Links the dependencies that package.json files name, and updates the lockfile. */
export async function link(): Promise<void> {
  await pnpm(['install', '--prefer-offline', '--no-frozen-lockfile'], {
    message: 'pnpm could not link the dependencies: check the network and the registry.',
  });
}

/** Brings everything that is derived from the code up to date. */
export async function sync(): Promise<void> {
  await script(['tools/sync/sync.ts']);
}

/** Writes the migration that the entities of a service need, with its `migrate` command, as a person does. */
export async function generateMigration(service: string, name: string): Promise<void> {
  await compile();
  const servers = await startTestServers();
  try {
    for (const args of [['up'], ['generate', name]])
      await script([`apps/${service}/dist/src/database/migrate.js`, ...args], servers.env);
  } finally {
    await servers.stop();
  }
}

async function script(args: string[], env: Record<string, string> = {}): Promise<void> {
  const options = { cwd: ROOT, env: { ...process.env, ...env } };
  await run(process.execPath, args, { ...options, message: `${args.join(' ')} failed.` });
}
