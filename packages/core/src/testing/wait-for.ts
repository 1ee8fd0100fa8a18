import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats `attempt` until its result is truthy, and returns that. After the timeout throws the last error.
 */
export async function waitFor<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 5_000, intervalMs = 10 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let failure: unknown = new Error('The condition was not true in time');
    try {
      const result = await attempt();
      if (result) return result;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) throw failure;
    await delay(intervalMs);
  }
}
