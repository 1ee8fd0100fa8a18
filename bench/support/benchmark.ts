/** A row of the printed table: its cells by column. */
export type ResultRow = Record<string, string | number>;

/** The options of the command line; a benchmark without subjects of its own ignores it. */
export interface BenchmarkOptions {
  /** Measure only subjects with this in their name, and their yardsticks. */
  only?: string;
  /** Rows of the large table of `growth`. */
  size: number;
  /** Print where the time of each subject goes. */
  withProfile: boolean;
  /** Measure quickly, and compare the ratios with the recorded ones, or record them. */
  budget?: 'check' | 'record';
}

/** The exports of a benchmark. */
export interface Benchmark {
  /** One sentence: what is compared. */
  about: string;
  run(options: BenchmarkOptions): Promise<ResultRow[]>;
}
