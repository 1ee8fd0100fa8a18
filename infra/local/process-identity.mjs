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

/** @param {number} pid */
function onLinux(pid) {
  try {
    // The name in parentheses may hold spaces; what follows has fixed places: state first, start time 20th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' || fields[0] === 'X' ? null : `${boot}:${fields[19]}`;
  } catch {
    return null;
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
