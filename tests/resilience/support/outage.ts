import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually.ts';
import { isSuccess } from './client.ts';
import { isAllowed, isUnauthorized, type Kind, type Probe, type Probes } from './probes.ts';
import type { Report } from './report.ts';

/** Until the outage is detected, requests may take longer, and may be refused although they do not need the process. */
const DETECTION_MS = 6_000;
const DETECTED_MS = 4_000;
const ANSWER_LIMIT_MS = 1_500;
const ANSWER_LIMIT_WHILE_DETECTING_FREEZE_MS = 6_500;
const RECOVERY_LIMIT_MS = 5_000;
/** Longer than the limit, so that the report says by how much it was exceeded. */
const RECOVERY_TIMEOUT_MS = 30_000;

export interface Outage {
  name: string;
  frozen: boolean;
  /** Kinds of requests that do not need the process. */
  served: readonly Kind[];
  begin(): void | Promise<void>;
  /** Resolves when the process is available again. */
  end(): void | Promise<void>;
}

/** The worst values over all outages of a scenario. */
export class OutageMeasurements {
  private readonly scenario: Report;
  private forbidden = 0;
  private accepted = 0;
  private notServed = 0;
  private longestKilledMs = 0;
  private longestFrozenMs = 0;
  private longestDetectedMs = 0;
  private recoveryMs = 0;

  constructor(report: Report) {
    this.scenario = report;
  }

  async measure(outage: Outage, probes: Probes): Promise<void> {
    await recovered(probes);
    probes.results.length = 0;
    const load = probes.start(this.scenario);
    await delay(500);
    const begunAt = performance.now();
    await outage.begin();
    await delay(DETECTION_MS + DETECTED_MS);
    await load.stop();
    await outage.end();
    const endedAt = performance.now();
    await recovered(probes);
    this.add(outage, probes.results, begunAt, performance.now() - endedAt);
  }

  /** Writes the measurements into the report of the scenario. */
  report(): void {
    const { scenario } = this;
    scenario.atMost('answers other than success and 503 problem details', this.forbidden, 0);
    scenario.atMost('unauthorized requests accepted', this.accepted, 0);
    scenario.atMost('refused without need of the unavailable process', this.notServed, 0);
    scenario.atMost('longest answer', this.longestDetectedMs / 1000, ANSWER_LIMIT_MS / 1000, ' s');
    scenario.atMost(
      'longest answer before detection, killed',
      this.longestKilledMs / 1000,
      ANSWER_LIMIT_MS / 1000,
      ' s',
    );
    scenario.atMost(
      'longest answer before detection, frozen',
      this.longestFrozenMs / 1000,
      ANSWER_LIMIT_WHILE_DETECTING_FREEZE_MS / 1000,
      ' s',
    );
    scenario.atMost('recovery', this.recoveryMs / 1000, RECOVERY_LIMIT_MS / 1000, ' s');
  }

  private add(outage: Outage, results: Probe[], begunAt: number, recoveryMs: number): void {
    const isEarly = ({ answer }: Probe) => answer.startedAt < begunAt + DETECTION_MS;
    const detected = results.filter((probe) => !isEarly(probe));
    const slowestEarly = slowest(results.filter(isEarly));
    const slowestDetected = slowest(detected);
    if (outage.frozen) this.longestFrozenMs = Math.max(this.longestFrozenMs, slowestEarly.answer.ms);
    else this.longestKilledMs = Math.max(this.longestKilledMs, slowestEarly.answer.ms);
    this.longestDetectedMs = Math.max(this.longestDetectedMs, slowestDetected.answer.ms);
    this.recoveryMs = Math.max(this.recoveryMs, recoveryMs);

    const forbidden = results.filter((probe) => !isAllowed(probe));
    const accepted = results.filter(({ kind, answer }) => isUnauthorized(kind) && isSuccess(answer));
    const notServed = detected.filter(
      ({ kind, answer }) => (outage.served as string[]).includes(kind) && !isSuccess(answer),
    );
    this.forbidden += forbidden.length;
    this.accepted += accepted.length;
    this.notServed += notServed.length;

    const note = (what: string, { kind, answer }: Probe) =>
      this.scenario.note(
        `${outage.name}: ${what}: ${kind} ${answer.status} in ${Math.round(answer.ms)} ms, ${Math.round(answer.startedAt - begunAt)} ms after the start ${answer.status >= 400 ? answer.text?.slice(0, 160) : ''}`,
      );
    for (const probe of forbidden.slice(0, 3)) note('forbidden', probe);
    for (const probe of notServed.slice(0, 3)) note('not served', probe);
    note('slowest before detection', slowestEarly);
    note('slowest after detection', slowestDetected);
    this.scenario.note(`${outage.name}: recovery after ${Math.round(recoveryMs)} ms`);
  }
}

const recovered = (probes: Probes) =>
  eventually(() => probes.allSucceed(), Boolean, { timeoutMs: RECOVERY_TIMEOUT_MS });

function slowest(probes: Probe[]): Probe {
  return probes.reduce((worst, probe) => (probe.answer.ms > worst.answer.ms ? probe : worst));
}
