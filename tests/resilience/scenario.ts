import type { Report } from './support/report.ts';
import type { App, Server, System } from './support/system.ts';

/** A fault, and what is guaranteed while it lasts: a row of the table in docs/reliability.md. */
export interface Scenario {
  name: string;
  /** One sentence. The run either proves or breaks it. */
  guarantee: string;
  /** A short scenario, which also runs with `--quick`. */
  quick?: boolean;
  /** Differences from the stack of `npm start`. */
  replicas?: Partial<Record<App, number>>;
  env?: Record<string, string>;
  appEnv?: Partial<Record<App, Record<string, string>>>;
  /** Connections that go through a TCP proxy, so that the scenario can cut, freeze and delay them. */
  proxied?: [App, Server][];
  run(system: System, report: Report): Promise<void>;
}
