import { setTimeout as delay } from 'node:timers/promises';
import { isSuccess } from './client.js';
import { isAllowed, isIntruder, type Kind, KINDS, type Probe, type Probes } from './probes.js';
import type { Report } from './report.js';

/** In these the system may still be finding out: requests that start in them may take longer and be refused. */
const FIRST_MOMENTS_MS = 6_000;
/** How long it is watched after that. */
const STEADY_MS = 4_000;
const LIMIT_MS = 1_500;
const LIMIT_OF_A_FRESH_FREEZE_MS = 6_500;
const RETURN_LIMIT_MS = 5_000;
/** For how long a return is waited for, to tell by how much it was missed. */
const RETURN_PATIENCE_MS = 30_000;

export interface Outage {
  name: string;
  frozen: boolean;
  /** Kinds of requests that need nothing of what is away. */
  served: readonly Kind[];
  begin(): void | Promise<void>;
  /** Resolves when what was away is there again. */
  end(): void | Promise<void>;
}

/** The worst of what was seen, over all outages of a row. */
export class Worst {
  private forbidden = 0;
  private passed = 0;
  private notServed = 0;
  private firstMs = 0;
  private freshFreezeMs = 0;
  private steadyMs = 0;
  private returnMs = 0;

  constructor(private readonly report: Report) {}

  async watch(outage: Outage, probes: Probes): Promise<void> {
    await untilNormal(probes);
    probes.seen.length = 0;
    const load = probes.start(this.report);
    await delay(500);
    const begunAt = performance.now();
    await outage.begin();
    await delay(FIRST_MOMENTS_MS + STEADY_MS);
    const during = load.stop();
    await during;
    await outage.end();
    const returnedAt = performance.now();
    await untilNormal(probes);
    this.take(outage, probes.seen, begunAt, performance.now() - returnedAt);
  }

  /** Writes it into the report. */
  tell(): void {
    const { report } = this;
    report.atMost('other answers than success and 503 problem details', this.forbidden, 0);
    report.atMost('intruders let in', this.passed, 0);
    report.atMost('not served although nothing it needs is away', this.notServed, 0);
    report.atMost('longest answer', seconds(this.steadyMs), LIMIT_MS / 1000, ' s');
    report.atMost('in the first moments, dead', seconds(this.firstMs), LIMIT_MS / 1000, ' s');
    report.atMost(
      'in the first moments, frozen',
      seconds(this.freshFreezeMs),
      LIMIT_OF_A_FRESH_FREEZE_MS / 1000,
      ' s',
    );
    report.atMost('back to normal after', seconds(this.returnMs), RETURN_LIMIT_MS / 1000, ' s');
  }

  private take({ name, frozen, served }: Outage, seen: Probe[], begunAt: number, returnMs: number): void {
    const first = seen.filter(({ answer }) => answer.startedAt < begunAt + FIRST_MOMENTS_MS);
    const steady = seen.filter(({ answer }) => answer.startedAt >= begunAt + FIRST_MOMENTS_MS);
    const slowestFirst = slowest(first);
    const slowestSteady = slowest(steady);
    if (frozen) this.freshFreezeMs = Math.max(this.freshFreezeMs, slowestFirst.answer.ms);
    else this.firstMs = Math.max(this.firstMs, slowestFirst.answer.ms);
    this.steadyMs = Math.max(this.steadyMs, slowestSteady.answer.ms);
    this.returnMs = Math.max(this.returnMs, returnMs);
    const forbidden = seen.filter((probe) => !isAllowed(probe));
    const passed = seen.filter(({ kind, answer }) => isIntruder(kind) && isSuccess(answer));
    const notServed = steady.filter(
      ({ kind, answer }) => (served as string[]).includes(kind) && !isSuccess(answer),
    );
    this.forbidden += forbidden.length;
    this.passed += passed.length;
    this.notServed += notServed.length;
    const tell = (what: string, { kind, answer }: Probe) =>
      this.report.note(
        `${name}: ${what}: ${kind} ${answer.status} in ${Math.round(answer.ms)} ms, ${Math.round(answer.startedAt - begunAt)} ms after the start ${answer.status >= 400 ? answer.text?.slice(0, 160) : ''}`,
      );
    for (const probe of forbidden.slice(0, 3)) tell('forbidden', probe);
    for (const probe of notServed.slice(0, 3)) tell('not served', probe);
    tell('slowest of the first', slowestFirst);
    tell('slowest after', slowestSteady);
    this.report.note(`${name}: back to normal after ${Math.round(returnMs)} ms`);
  }
}

async function untilNormal(probes: Probes): Promise<void> {
  const deadline = performance.now() + RETURN_PATIENCE_MS;
  while (performance.now() < deadline) {
    if (await probes.work(KINDS)) return;
    await delay(50);
  }
}

function slowest(probes: Probe[]): Probe {
  return probes.reduce((worst, probe) => (probe.answer.ms > worst.answer.ms ? probe : worst));
}

const seconds = (ms: number) => ms / 1000;
