import { setTimeout as delay } from 'node:timers/promises';

/** Looks again until what it sees is as wanted, and gives that back; the last sight when the time is up. */
export async function eventually<T>(
  look: () => Promise<T>,
  isWanted: (seen: T) => boolean,
  { timeoutMs = 10_000, intervalMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (isWanted(seen) || Date.now() > deadline) return seen;
    await delay(intervalMs);
  }
}
