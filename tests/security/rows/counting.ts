import type { ApiAnswer } from '@repo/testing/api-client';

/** How often each status was answered: `10 × 201, 40 × 429`. */
export function countOf(answers: ApiAnswer[]): string {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}
