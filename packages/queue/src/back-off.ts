const LONGEST_MS = 3_600_000;

/** The pause after the n-th failure (from 1): twice as long each time, and never the same for two that failed together. */
export function backOffMs(failures: number, firstMs: number): number {
  const longest = Math.min(firstMs * 2 ** Math.min(failures - 1, 30), LONGEST_MS);
  return Math.round(longest * (0.5 + Math.random() * 0.5));
}
