// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, Interrupted } from './failure.ts';

/** @param {AbortSignal} [signal] */
export function stopIfAborted(signal) {
  if (signal?.aborted) throw new Interrupted();
}

/**
 * Resolves once `probe` says true; a probe that throws says "not yet".
 *
 * @param {() => boolean | Promise<boolean>} probe
 * @param {object} options
 * @param {string} options.otherwise  the sentence when the time is over
 * @param {number} options.limitMs
 * @param {number} [options.everyMs]
 * @param {AbortSignal} [options.signal]
 */
export async function waitUntil(probe, { otherwise, limitMs, everyMs = 50, signal }) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    stopIfAborted(signal);
    if (
      await Promise.resolve()
        .then(probe)
        .catch(() => false)
    )
      return;
    if (Date.now() > deadline) throw new Failure(otherwise);
    await sleep(everyMs);
  }
}

/**
 * Whether the promise settles within the time.
 *
 * @param {Promise<unknown>} promise
 * @param {number} ms
 */
export async function settlesWithin(promise, ms) {
  const timer = new AbortController();
  const late = sleep(ms, 'late', { signal: timer.signal }).catch(() => 'late');
  try {
    return (
      (await Promise.race([
        promise.then(
          () => 'settled',
          () => 'settled',
        ),
        late,
      ])) === 'settled'
    );
  } finally {
    timer.abort();
  }
}
