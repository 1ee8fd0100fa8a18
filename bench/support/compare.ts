import { median } from '../../tests/support/statistics.ts';

interface Subject<T> {
  name: string;
  measure: () => Promise<T>;
}

interface Result<T> {
  name: string;
  /** Of the round with the median figure. */
  measured: T;
  figure: number;
  /** The median of the ratios to the first subject in the same round. */
  ratio: number;
}

/**
 * Measures all subjects in turn, round after round: when the machine gets slower, it does so for all of them. The first
 * round warms up and does not count.
 */
export async function compare<T>(
  subjects: Subject<T>[],
  { rounds, figure }: { rounds: number; figure: (measured: T) => number },
): Promise<Result<T>[]> {
  const results: T[][] = [];
  for (let round = 0; round <= rounds; round++) {
    const measured: T[] = [];
    for (const { measure } of subjects) measured.push(await measure());
    if (round > 0) results.push(measured);
  }
  return subjects.map(({ name }, index) => {
    const sorted = results.map((round) => round[index]!).toSorted((a, b) => figure(a) - figure(b));
    const measured = sorted[Math.floor(sorted.length / 2)]!;
    const ratio = median(results.map((round) => figure(round[index]!) / figure(round[0]!)));
    return { name, measured, figure: figure(measured), ratio };
  });
}

/** Rounds to three significant digits. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
