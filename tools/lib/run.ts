// @ts-check
import { spawn } from 'node:child_process';
import { stopIfAborted } from './wait.ts';
import { Failure } from './failure.ts';

const KEPT_OUTPUT = 1_000_000;

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {{ uid: number, gid: number }} [options.user]
 * @param {string} [options.input]
 * @param {AbortSignal} [options.signal]  aborting ends the command and everything it started
 * @param {boolean} [options.allowFailure]  return a bad exit code instead of throwing
 * @param {string} [options.otherwise]  the sentence when it fails
 * @param {(chunk: string) => void} [options.onOutput]
 * @returns {Promise<{ code: number, output: string, stdout: string }>}  `output` has both streams
 */
export async function run(command, args, options = {}) {
  const { cwd, env, user, input, signal, allowFailure = false, onOutput } = options;
  stopIfAborted(signal);
  // A group of its own: Ctrl-C in the terminal reaches the runner only, which then ends things in order.
  const child = spawn(command, args, { cwd, env, ...user, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const abort = () => endGroup(child.pid);
  signal?.addEventListener('abort', abort, { once: true });
  let output = '';
  let stdout = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output = (output + chunk).slice(-KEPT_OUTPUT);
      if (stream === child.stdout) stdout = (stdout + chunk).slice(-KEPT_OUTPUT);
      onOutput?.(chunk);
    });
  }
  child.stdin.on('error', () => undefined).end(input ?? '');
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => resolve(exitCode ?? 1));
    });
    stopIfAborted(signal);
    if (code === 0 || allowFailure) return { code, output, stdout };
    throw new Failure(options.otherwise ?? `${command} failed with code ${code}.`, {
      details: lastLines(output),
    });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    throw new Failure(options.otherwise ?? `${command} is not on this machine.`, { cause: error });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/**
 * @param {string} text
 * @param {number} [count]
 */
export function lastLines(text, count = 20) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (!pid) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
