const MAX_MS = 3_600_000;

/**
 * The pause in ms after the n-th failure (from 1). It doubles up to an hour. Half of it is random, so that jobs which
 * failed together are not retried together.
 */
export function backOffMs(failures: number, firstMs: number): number {
  const longest = Math.min(firstMs * 2 ** (failures - 1), MAX_MS);
  return Math.round(longest * (0.5 + Math.random() * 0.5));
}
