import { readFileSync } from 'node:fs';
import { processTree } from '../../tests/support/process-tree.ts';

const TICKS_PER_SECOND = 100;

/** The processor time that these processes and their descendants have used, in seconds. 0 where /proc is missing. */
export function cpuSeconds(pids: number[], { withChildren = true } = {}): number {
  const ticks = pids.flatMap((pid) => (withChildren ? processTree(pid) : pid)).map(ticksOf);
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

/** User and system time of a process. */
function ticksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
