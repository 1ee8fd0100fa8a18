import { ROOT } from '../lib/root.ts';
import { run, type RunOptions, type RunResult } from '../lib/run.ts';

/**
 * Runs a task of turbo.json in the packages that have it, in all or in those that `args` select, after what it depends
 * on. turbo replays the result of a task whose inputs have not changed.
 */
export function runTask(task: string, args: string[], options: RunOptions): Promise<RunResult> {
  const env = {
    ...process.env,
    PATH: `${ROOT}/node_modules/.bin:${process.env.PATH}`,
    TURBO_TELEMETRY_DISABLED: '1',
  };
  return run('turbo', ['run', task, '--continue=dependencies-successful', ...args], {
    cwd: ROOT,
    env,
    allowFailure: true,
    ...options,
  });
}
