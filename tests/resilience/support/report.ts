import { type Answer, isSuccess } from './client.js';

/** What a client knows of its requests afterwards, and what is really there. */
export interface Counts {
  attempted: number;
  acknowledged: number;
  /** With a reason that means: nothing happened. */
  refused: number;
  /** Neither: the request may have had its effect, or not. */
  unknown: number;
  seen?: number;
}

export interface Measurement {
  what: string;
  value: string;
  limit: string;
  kept: boolean;
}

/** What a row found out. A promise is kept when every measurement is within its limit. */
export class Report {
  readonly counts: Counts = { attempted: 0, acknowledged: 0, refused: 0, unknown: 0 };
  readonly measurements: Measurement[] = [];
  readonly notes: string[] = [];

  constructor(readonly name: string) {}

  get kept(): boolean {
    return this.measurements.length > 0 && this.measurements.every(({ kept }) => kept);
  }

  /** Counts a request by its outcome, and hands it on. */
  count(answer: Answer): Answer {
    this.counts.attempted += 1;
    if (isSuccess(answer)) this.counts.acknowledged += 1;
    else if (answer.status >= 400 && answer.status < 500) this.counts.refused += 1;
    else this.counts.unknown += 1;
    return answer;
  }

  /** What was acknowledged has to be among what is seen; what is seen beyond that must have been attempted. */
  compare(acknowledged: Iterable<string>, seen: ReadonlySet<string>): void {
    this.counts.seen = seen.size;
    const missing = [...acknowledged].filter((item) => !seen.has(item));
    this.atMost('acknowledged but not seen', missing.length, 0);
    if (missing.length > 0) this.note(`Not seen: ${missing.slice(0, 5).join(', ')}`);
  }

  atMost(what: string, value: number, limit: number, unit = ''): void {
    this.measure(what, value, `≤ ${limit}${unit}`, unit, value <= limit);
  }

  atLeast(what: string, value: number, limit: number, unit = ''): void {
    this.measure(what, value, `≥ ${limit}${unit}`, unit, value >= limit);
  }

  /** Something worth telling when a promise is broken. */
  note(sentence: string): void {
    if (this.notes.length < 40) this.notes.push(sentence);
  }

  /** The row could not be run to its end. */
  fail(error: unknown): void {
    this.measurements.push({ what: 'ran to its end', value: 'no', limit: 'yes', kept: false });
    this.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  private measure(what: string, value: number, limit: string, unit: string, kept: boolean): void {
    const rounded = Number.isInteger(value) ? value : value.toFixed(2);
    this.measurements.push({ what, value: `${rounded}${unit}`, limit, kept });
  }
}
