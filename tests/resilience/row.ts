import type { Report } from './support/report.js';
import type { App, Server, System } from './support/system.js';

/** One fault, and what is promised of it: a row of the table in docs/reliability.md. */
export interface Row {
  name: string;
  /** A sentence that the run either proves or breaks. */
  promise: string;
  /** Runs with `--quick` too: well under a minute. */
  quick?: boolean;
  /** How the stack differs from the one of `npm start`. */
  replicas?: Partial<Record<App, number>>;
  env?: Record<string, string>;
  appEnv?: Partial<Record<App, Record<string, string>>>;
  /** Connections that go through a proxy, so that the row can cut, freeze and delay them. */
  cables?: [App, Server][];
  run(system: System, report: Report): Promise<void>;
}
