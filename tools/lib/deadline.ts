import { setTimeout as sleep } from 'node:timers/promises';

/** Whether the promise settles, with a result or an error, within `timeoutMs`. */
export async function settlesWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const expired = sleep(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([settled, expired]);
  } finally {
    timer.abort();
  }
}
