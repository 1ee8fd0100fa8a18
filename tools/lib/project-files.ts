import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join, matchesGlob } from 'node:path/posix';
import { ROOT } from './root.ts';

const GENERATED = ['**/node_modules', '**/dist', '**/.turbo', '.local'];

/** The files that git knows, or would add. In a download without git, all that are not generated or installed. */
export function projectFiles(pattern?: string): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const files = status === 0 ? stdout.split('\n') : globSync('**/*.*', { cwd: ROOT, exclude: GENERATED });
  const matches = (file: string) => !pattern || matchesGlob(file, pattern);
  return files.filter((file) => file && matches(file) && existsSync(join(ROOT, file)));
}
