import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process and its descendants. */
export function processTree(pid: number): number[] {
  const tree = [pid];
  for (const member of tree) tree.push(...childrenOf(member));
  return tree;
}

function childrenOf(pid: number): number[] {
  try {
    return numbersIn(process.platform === 'linux' ? fromProc(pid) : execFileSync('pgrep', ['-P', `${pid}`]));
  } catch {
    // The process has ended, or pgrep has found no children.
    return [];
  }
}

/** Each thread has children of its own. Reading files is cheap: the measurements do it while they take times. */
const fromProc = (pid: number) =>
  readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'),
  );

const numbersIn = (text: string[] | Buffer) =>
  [text].flat().join(' ').split(/\s+/).filter(Boolean).map(Number);
