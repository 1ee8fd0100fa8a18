/** Moments in which a process may die with something half done; the fault suite makes it die there. */
export type Failpoint = 'transaction.before-commit' | 'outbox.before-publish' | 'outbox.before-mark';

/** How often each armed failpoint may still be reached, the last time being the end. */
const armed = new Map<string, number>();

/** `outbox.before-mark@20`: the process dies when it gets there for the 20th time. Settings refuse it in production. */
export function armFailpoints(settings: readonly string[]): void {
  for (const setting of settings) {
    const [name = '', count = '1'] = setting.split('@');
    armed.set(name, Number(count));
  }
}

/** Does nothing, unless the failpoint is armed. */
export function failpoint(name: Failpoint): void {
  const left = armed.get(name);
  if (left === undefined) return;
  armed.set(name, left - 1);
  if (left <= 1) process.kill(process.pid, 'SIGKILL');
}
