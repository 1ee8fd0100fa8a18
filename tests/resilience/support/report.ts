import { type Answer, isSuccess } from './client.ts';

/** Requests by what their clients know afterwards, and what the database holds. */
export interface Counts {
  attempted: number;
  acknowledged: number;
  /** Status 400 to 499: nothing was changed. */
  refused: number;
  /** Any other status, or none: the change was made or not. */
  unknown: number;
  /** Found in the database at the end. */
  actual?: number;
}

export interface Measurement {
  what: string;
  value: string;
  limit: string;
  kept: boolean;
}

/** The result of a scenario. Its guarantee is kept when every measurement is within its limit. */
export class Report {
  readonly name: string;
  readonly counts: Counts = { attempted: 0, acknowledged: 0, refused: 0, unknown: 0 };
  readonly measurements: Measurement[] = [];
  readonly notes: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get kept(): boolean {
    return this.measurements.length > 0 && this.measurements.every(({ kept }) => kept);
  }

  /** Counts an answer by its status, and returns it. */
  count(answer: Answer): Answer {
    this.counts.attempted += 1;
    if (isSuccess(answer)) this.counts.acknowledged += 1;
    else if (answer.status >= 400 && answer.status < 500) this.counts.refused += 1;
    else this.counts.unknown += 1;
    return answer;
  }

  /** Everything that was acknowledged must be among what is there. There may be more: unknown changes that were made. */
  compare(acknowledged: Iterable<string>, actual: ReadonlySet<string>): void {
    this.counts.actual = actual.size;
    const lost = [...acknowledged].filter((item) => !actual.has(item));
    this.atMost('acknowledged and lost', lost.length, 0);
    if (lost.length > 0) this.note(`Lost: ${lost.slice(0, 5).join(', ')}`);
  }

  atMost(what: string, value: number, limit: number, unit = ''): void {
    this.measure(what, value, `≤ ${limit}${unit}`, unit, value <= limit);
  }

  atLeast(what: string, value: number, limit: number, unit = ''): void {
    this.measure(what, value, `≥ ${limit}${unit}`, unit, value >= limit);
  }

  /** A detail that is printed when the guarantee is broken. */
  note(sentence: string): void {
    if (this.notes.length < 40) this.notes.push(sentence);
  }

  /** The scenario ended with an error. */
  fail(error: unknown): void {
    this.measurements.push({ what: 'completed', value: 'no', limit: 'yes', kept: false });
    this.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  private measure(what: string, value: number, limit: string, unit: string, kept: boolean): void {
    const rounded = Number.isInteger(value) ? value : value.toFixed(2);
    this.measurements.push({ what, value: `${rounded}${unit}`, limit, kept });
  }
}
