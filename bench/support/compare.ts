import { median } from '../../tests/support/statistics.ts';

interface Subject<T> {
  name: string;
  /** The name of the subject that this one is compared with; by default the first. */
  yardstick?: string;
  measure: () => Promise<T>;
}

interface Result<T> {
  name: string;
  yardstick?: string;
  /** Of the round with the median figure. */
  measured: T;
  figure: number;
  /** The median of the ratios to the yardstick in the same round. */
  ratio: number;
  /** The lowest and the highest of these ratios. */
  spread: [number, number];
}

interface CompareOptions<T> {
  /** Rounds that count. */
  rounds: number;
  figure: (measured: T) => number;
  /** Rounds that do not count: as many as it takes until no figure changes by more than a tenth, at most these. */
  warmUps?: number;
}

/** A greater change of a figure from one round to the next shows that the subject is not warm. */
const STEADY = 0.1;

/**
 * Measures all subjects in turn, round after round: when the machine gets slower, it does so for all of them. Rounds
 * count when the figures are steady.
 */
export async function compare<T>(
  subjects: Subject<T>[],
  { rounds, figure, warmUps = 1 }: CompareOptions<T>,
): Promise<Result<T>[]> {
  const measureAll = async (round: string) => {
    console.error(`${new Date().toLocaleTimeString()} ${round}`);
    const measured: T[] = [];
    for (const { measure } of subjects) measured.push(await measure());
    return measured;
  };
  let last = await measureAll('warm-up');
  for (let warmUp = 1; warmUp < warmUps; warmUp++) {
    const next = await measureAll('warm-up');
    const steady = next.every((one, index) => Math.abs(figure(one) / figure(last[index]!) - 1) < STEADY);
    last = next;
    if (steady) break;
  }
  const results: T[][] = [];
  for (let round = 0; round < rounds; round++)
    results.push(await measureAll(`round ${round + 1} of ${rounds}`));

  return subjects.map(({ name, yardstick }, index) => {
    const reference = yardstick === undefined ? 0 : subjects.findIndex((other) => other.name === yardstick);
    const sorted = results.map((round) => round[index]!).toSorted((a, b) => figure(a) - figure(b));
    const measured = sorted[Math.floor(sorted.length / 2)]!;
    const ratios = results.map((round) => figure(round[index]!) / figure(round[reference]!));
    const spread: [number, number] = [Math.min(...ratios), Math.max(...ratios)];
    return { name, yardstick, measured, figure: figure(measured), ratio: median(ratios), spread };
  });
}

/** Rounds to three significant digits. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
