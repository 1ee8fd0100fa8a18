/** A row of the printed table: its cells by column. */
export type ResultRow = Record<string, string | number>;

/** The exports of a benchmark. */
export interface Benchmark {
  /** One sentence: what is compared. */
  about: string;
  run(): Promise<ResultRow[]>;
}
