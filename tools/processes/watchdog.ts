import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { stopOrphans } from './pid-files.ts';

/** A shell takes a megabyte while it waits, Node would take forty; it becomes Node when its input ends. */
const WAIT_FOR_END = 'while read -r _; do :; done; exec "$@"';

/**
 * Starts a process that outlives this one: when this process dies without having stopped what it runs in `dir`, even by
 * SIGKILL, the watchdog stops that and removes `removeDirs`. Returns a function that ends the watchdog.
 */
export function startWatchdog(dir: string, removeDirs: string[] = []): () => void {
  const watchdog = spawn(
    'sh',
    ['-c', WAIT_FOR_END, 'watchdog', process.execPath, import.meta.filename, dir, ...removeDirs],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' },
  );
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  (watchdog.stdin as Socket).unref();
  return () => void watchdog.kill('SIGKILL');
}

if (import.meta.main) {
  const [dir = '', ...removeDirs] = process.argv.slice(2);
  await stopOrphans(dir);
  for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
}
