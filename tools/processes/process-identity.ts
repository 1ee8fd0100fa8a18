// @ts-check
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A text that tells a process from every other one that ever had its id; null when none is alive under it. A zombie
 * counts as dead.
 *
 * @param {number} pid
 * @returns {string | null}
 */
export function identityOf(pid) {
  return process.platform === 'linux' ? onLinux(pid) : withPs(pid);
}

/**
 * What the process was started with, as `ps` shows it; null when it is dead.
 *
 * @param {number} pid
 */
export function commandLineOf(pid) {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return null;
  }
}

/**
 * @param {number} pid
 * @returns {number | undefined}
 */
export function parentOf(pid) {
  const parent = process.platform === 'linux' ? statOf(pid)?.[1] : ps(pid, 'ppid=');
  return Number(parent) || undefined;
}

/** @param {number} pid */
function onLinux(pid) {
  const stat = statOf(pid);
  if (!stat || stat[0] === 'Z' || stat[0] === 'X') return null;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${stat[19]}`;
}

/**
 * State, parent and what else Linux says of a process; the start time is the 20th.
 *
 * @param {number} pid
 */
function statOf(pid) {
  try {
    // The name in parentheses may hold spaces and parentheses; what follows has fixed places.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function withPs(pid) {
  const [state, ...started] = (ps(pid, 'state=,lstart=') ?? '').split(/\s+/);
  return !state || state.startsWith('Z') ? null : started.join(' ');
}

/**
 * @param {number} pid
 * @param {string} columns
 */
function ps(pid, columns) {
  const { status, stdout } = spawnSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() ? stdout.trim() : null;
}
