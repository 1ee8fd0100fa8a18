import { execFileSync } from 'node:child_process';

/** Stops a process and everything it started in their tracks; they keep their connections and answer nothing. */
export function freezeTree(pid: number): void {
  for (const member of treeOf(pid)) send(member, 'SIGSTOP');
}

export function thawTree(pid: number): void {
  for (const member of treeOf(pid)) send(member, 'SIGCONT');
}

function treeOf(root: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  for (const pid of tree)
    tree.push(...rows.filter(([, parent]) => parent === pid).map(([child]) => child as number));
  return tree;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
