import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** Waits until the condition holds. @returns false when it does not hold after `timeoutMs` */
export async function until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!condition() && performance.now() < deadline) await delay(POLL_MS);
  return condition();
}
