// @ts-check
import { setMaxListeners } from 'node:events';
import { Interrupted } from './failure.ts';
import { commandLineOf, parentOf } from '../processes/process-identity.ts';

const PARENT_CHECK_MS = 500;

/**
 * Aborts when someone wants this process to stop: Ctrl-C, SIGTERM, a closed terminal, or the death of the npm that
 * started it. Further signals change nothing: what has begun to stop, stops in order.
 *
 * @returns {{ signal: AbortSignal, stopped: Promise<void>, exitCode: () => number }}
 */
export function stopRequest() {
  const controller = new AbortController();
  // Everything that can be interrupted listens.
  setMaxListeners(0, controller.signal);
  let exitCode = 0;
  /** @type {() => void} */
  let resolve;
  /** @type {Promise<void>} */
  const stopped = new Promise((done) => (resolve = done));
  const stop = (/** @type {number} */ code) => {
    if (controller.signal.aborted) return;
    exitCode = code;
    controller.abort(new Interrupted());
    resolve();
  };
  process.on('SIGINT', () => stop(130));
  process.on('SIGTERM', () => stop(143));
  process.on('SIGHUP', () => stop(129));
  const npm = process.env.npm_lifecycle_event ? npmProcess() : undefined;
  if (npm) setInterval(() => isAlive(npm) || stop(143), PARENT_CHECK_MS).unref();
  return { signal: controller.signal, stopped, exitCode: () => exitCode };
}

/** The npm that runs this script: our parent, or the parent of the shell between us. */
function npmProcess() {
  const parent = process.ppid;
  return /^\S*sh -c /.test(commandLineOf(parent) ?? '') ? parentOf(parent) : parent;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
