import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.ts';

type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

export interface PollOptions {
  timeoutMs: number;
  /** The message of the Failure when the time is over. */
  message: string;
  intervalMs?: number;
  signal?: AbortSignal;
}

/**
 * Calls `probe` until it returns a truthy value, and returns that. An error that `probe` throws counts as "not yet" and
 * becomes the cause of the Failure when the time is over.
 */
export async function poll<T>(
  probe: () => T | Promise<T>,
  { timeoutMs, message, intervalMs = 50, signal }: PollOptions,
): Promise<Truthy<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    let cause: unknown;
    try {
      const value = await probe();
      if (value) return value as Truthy<T>;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Failure(message, { cause });
    await sleep(intervalMs);
  }
}
