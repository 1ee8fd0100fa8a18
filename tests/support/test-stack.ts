import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresHomes } from '../../tools/servers/postgres.ts';
import { startStack } from '../../tools/stack/stack.ts';

export const root = join(import.meta.dirname, '../..');

/** Where a stack keeps its data, logs and secrets, for as long as a suite runs. */
export interface StackFolder {
  dir: string;
  /** What the stack removes if the suite is killed. */
  removeDirs: string[];
  remove(): void;
}

export function createStackFolder(suite: string): StackFolder {
  const dir = mkdtempSync(join(tmpdir(), `${suite}-`));
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
  options: Partial<Parameters<typeof startStack>[0]>,
) {
  const { PATH, HOME, TMPDIR } = process.env;
  return startStack({
    ...{ root, dir, removeDirs, gatewayPort: 0 },
    base: { PATH, HOME, ...(TMPDIR && { TMPDIR }) },
    ...options,
  });
}

export type TestStack = Awaited<ReturnType<typeof startTestStack>>;
