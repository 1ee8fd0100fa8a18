import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresHomes } from '../servers/postgres.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

export type StackFolder = ReturnType<typeof createStackFolder>;

/** A new folder for the data, logs and secrets of a stack, for as long as a suite runs. */
export function createStackFolder(suite: string) {
  const dir = mkdtempSync(join(tmpdir(), `${suite}-`));
  /** Removed when the process of the suite dies. */
  const removeDirs = [dir, postgresHomes(dir).outside];
  const remove = () => {
    for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
  };
  return { dir, removeDirs, remove };
}

/**
 * Starts the whole system in a folder, on free ports. Of the environment it gets only what programs need: settings of
 * the shell would change what is tested.
 */
export function startTestStack(
  { dir, removeDirs }: StackFolder,
  { base: settings, ...options }: Omit<StackOptions, 'dir' | 'removeDirs'>,
): Promise<Stack> {
  const { PATH, HOME, TMPDIR } = process.env;
  const base = { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...settings };
  return startStack({ gatewayPort: 0, ...options, dir, removeDirs, base });
}
