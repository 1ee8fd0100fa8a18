import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts a server for a test. Throws when the program cannot be run. */
export async function spawnServer(program: string, args: string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: 'ignore' });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new Error(`${program} cannot be run: install it, or add its folder to the PATH.`, { cause });
  }
  return child;
}
