// @ts-check
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/**
 * Seconds of processor time that these processes and their children have used; 0 where the system does not say.
 *
 * @param {number[]} pids
 */
export function cpuSeconds(pids) {
  return withChildren(pids).reduce((sum, pid) => sum + ticksOf(pid), 0) / TICKS_PER_SECOND;
}

/** @param {number[]} pids @returns {number[]} */
function withChildren(pids) {
  return pids.flatMap((pid) => [pid, ...withChildren(childrenOf(pid))]);
}

/** @param {number} pid */
function childrenOf(pid) {
  const text = read(`/proc/${pid}/task/${pid}/children`);
  return text.split(' ').filter(Boolean).map(Number);
}

/** User and system time. @param {number} pid */
function ticksOf(pid) {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
