import { setTimeout as delay } from 'node:timers/promises';

/** Tries until `attempt` returns something true, and gives it back; what it threw last when the time is up. */
export async function waitFor<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 5_000, intervalMs = 10 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let failure: unknown = new Error('The condition did not come true in time');
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
