/** Places where the resilience tests kill the process while something is half done. */
export type Failpoint = 'transaction.before-commit' | 'outbox.before-publish' | 'outbox.before-delete';

/** Failpoint → number of passes until the process is killed. */
const armed = new Map<string, number>();

/** `outbox.before-delete@20` kills the process at the 20th pass. The configuration refuses it in production. */
export function armFailpoints(settings: readonly string[]): void {
  for (const setting of settings) {
    const [name = '', count = '1'] = setting.split('@');
    armed.set(name, Number(count));
  }
}

export function failpoint(name: Failpoint): void {
  const left = armed.get(name);
  if (left === undefined) return;
  armed.set(name, left - 1);
  if (left <= 1) process.kill(process.pid, 'SIGKILL');
}
