// @ts-check
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endLeftovers } from './pid-files.ts';

const SELF = fileURLToPath(import.meta.url);

/** A shell costs a megabyte where another Node would cost forty; it becomes Node when there is work. */
const WAIT_FOR_END = 'while read -r _; do :; done; exec "$@"';

/**
 * Watches over this process: should it die without having stopped what it runs in `dir`, even by SIGKILL, the guard
 * does so.
 *
 * @param {string} dir
 * @param {{ removeDirs?: string[] }} [options]  directories that shall not outlive the run
 * @returns {() => void} call it when everything is stopped
 */
export function postGuard(dir, { removeDirs = [] } = {}) {
  const guard = spawn('sh', ['-c', WAIT_FOR_END, 'guard', process.execPath, SELF, dir, ...removeDirs], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  /** @type {import('node:net').Socket} */ (guard.stdin).unref();
  return () => void guard.kill('SIGKILL');
}

if (process.argv[1] === SELF) {
  const [dir, ...removeDirs] = process.argv.slice(2);
  await endLeftovers(dir);
  for (const path of removeDirs) rmSync(path, { recursive: true, force: true });
}
