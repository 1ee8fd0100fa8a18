import type { ApiAnswer } from '../../support/api.ts';

/** The number of answers with each status: `10 × 201, 40 × 429`. */
export function countByStatus(answers: ApiAnswer[]): string {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}
