import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path/posix';
import { ROOT } from './root.ts';

/** Also files and folders whose name begins with a dot. */
const ALL = ['**/*', '**/.*', '**/.*/**'];
const STAT = { throwIfNoEntry: false } as const;
const GENERATED = ['**/node_modules', '**/dist', '**/.turbo', '.local'];

/** The files that git knows, or would add. In a download without git, all that are not generated or installed. */
export function projectFiles(pattern = /./): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const files = status === 0 ? stdout.split('\n') : globSync(ALL, { cwd: ROOT, exclude: GENERATED });
  return files.filter((file) => pattern.test(file) && statSync(join(ROOT, file), STAT)?.isFile());
}
