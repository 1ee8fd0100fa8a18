import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A text that distinguishes a process from every other one that ever had its id; null when no process with this id is
 * alive. A zombie counts as dead.
 */
export function identityOf(pid: number): string | null {
  return process.platform === 'linux' ? identityOnLinux(pid) : identityFromPs(pid);
}

/** Sends a signal to a process, or with a negative id to its group; one that has ended is ignored. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** The command line of a process, as `ps` shows it; null when it is dead. */
export function commandLineOf(pid: number): string | null {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return null;
  }
}

export function parentOf(pid: number): number | undefined {
  const parent = process.platform === 'linux' ? statOf(pid)?.[1] : ps(pid, 'ppid=');
  return Number(parent) || undefined;
}

function identityOnLinux(pid: number): string | null {
  const stat = statOf(pid);
  if (!stat || stat[0] === 'Z' || stat[0] === 'X') return null;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${stat[19]}`;
}

/** The fields of /proc/<pid>/stat from the third on: state, parent, … the start time is the 20th. */
function statOf(pid: number): string[] | undefined {
  try {
    // The second field, the name in parentheses, may hold spaces and parentheses.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}

function identityFromPs(pid: number): string | null {
  const [state, ...started] = (ps(pid, 'state=,lstart=') ?? '').split(/\s+/);
  return !state || state.startsWith('Z') ? null : started.join(' ');
}

function ps(pid: number, columns: string): string | null {
  const { status, stdout } = spawnSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() ? stdout.trim() : null;
}
