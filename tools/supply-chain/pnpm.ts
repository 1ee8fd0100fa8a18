import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Runs a command of the pnpm that package.json names. */
export function runPnpm(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return spawnSync('npx', ['-y', packageManager, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  });
}

/** The output of a command of pnpm. */
export function pnpm(...args: string[]): string {
  const { status, stdout, stderr } = runPnpm(...args);
  if (status !== 0) throw new Error(`pnpm ${args.join(' ')} failed:\n${stderr}${stdout}`);
  return stdout;
}
