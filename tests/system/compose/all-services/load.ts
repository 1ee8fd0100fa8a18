import { randomBytes } from 'node:crypto';
import { type ApiRequest, gateway } from '../../../support/api.ts';
import { percentile } from '../../../support/statistics.ts';
import { createUnlimitedUser } from './api.ts';
import { type Kind, kindsOf } from './requests.ts';
import type { Stack } from '../stack.ts';

const PER_SECOND = 60;
/** Requests with these numbers are not counted. */
const WARM_UP = 1_000_000;
const WARM_UP_ROUNDS = 3;

export interface Sample {
  kind: string;
  n: number;
  /** The request id in the log of the gateway. */
  id: string;
  from: number;
  to: number;
  /** Empty for the expected response. */
  failure: string;
}

/** Sends requests at a constant rate through the gateway, and checks that each write took effect exactly once. */
export class Load {
  readonly samples: Sample[] = [];
  readonly #kinds: [string, Kind][];
  readonly #id = randomBytes(4).toString('hex');
  readonly #inFlight: Promise<void>[] = [];
  #timer: NodeJS.Timeout | undefined;

  private constructor(kinds: [string, Kind][]) {
    this.#kinds = kinds;
  }

  /** @param only selects kinds of requests by their names */
  static async prepare(stack: Stack, only = /./): Promise<Load> {
    const kinds = Object.entries(await kindsOf(stack, await createUnlimitedUser()));
    const load = new Load(kinds.filter(([kind]) => only.test(kind)));
    await load.#warmUp();
    return load;
  }

  /** A new process is slow at what it does for the first time. */
  async #warmUp() {
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1)
      await Promise.allSettled(
        this.#kinds.map(([, { request }], index) =>
          gateway(...request(WARM_UP + round * this.#kinds.length + index)),
        ),
      );
  }

  start(): void {
    const since = Date.now();
    this.#timer = setInterval(() => {
      const due = ((Date.now() - since) * PER_SECOND) / 1000;
      while (this.#inFlight.length < due) this.#inFlight.push(this.#send(this.#inFlight.length));
    }, 5);
  }

  /** Number of requests that were sent. */
  get sent(): number {
    return this.#inFlight.length;
  }

  get failed(): Sample[] {
    return this.samples.filter(({ failure }) => failure !== '');
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
  }

  async #send(n: number): Promise<void> {
    const [name, kind] = this.#kinds[n % this.#kinds.length]!;
    const [route, options] = kind.request(n);
    const sample = { kind: name, n, id: `load-${this.#id}-${n}`, from: Date.now(), to: 0, failure: '' };
    const headers = { ...options?.headers, 'X-Request-Id': sample.id };
    sample.failure = await failureOf(route, { ...options, headers }, kind.status);
    sample.to = Date.now();
    this.samples.push(sample);
  }

  /** Writes with a success that did not take effect exactly once, and writes that took effect twice. */
  async wrongWrites(): Promise<string[]> {
    const wrong: string[] = [];
    for (const [name, { applied }] of this.#kinds) {
      if (!applied) continue;
      const counts = new Map<number, number>();
      for (const n of await applied()) counts.set(n, (counts.get(n) ?? 0) + 1);
      for (const { n, failure } of this.samples.filter(({ kind }) => kind === name)) {
        const times = counts.get(n) ?? 0;
        if (times > 1 || (times === 0 && !failure)) wrong.push(`${name} ${n}: ${times} times`);
      }
    }
    return wrong;
  }

  report(): string {
    const times = this.samples.map(({ from, to }) => to - from);
    const writes = this.samples.filter(({ kind }) => kind.startsWith('POST')).length;
    const seconds = (Math.max(...this.samples.map(({ to }) => to)) - (this.samples[0]?.from ?? 0)) / 1000;
    return (
      `${this.samples.length} requests (${writes} POST) in ${Math.round(seconds)} s, ${this.failed.length} failed; ` +
      `p50 ${percentile(times, 0.5)} ms, p99 ${percentile(times, 0.99)} ms, maximum ${Math.max(...times)} ms`
    );
  }

  /** Cancels the work that still waits. */
  async close(): Promise<void> {
    for (const [, { undo }] of this.#kinds) await undo?.();
  }
}

async function failureOf(
  route: `${string} /${string}`,
  options: ApiRequest,
  expected: number,
): Promise<string> {
  try {
    const { status, body } = await gateway(route, options);
    return status === expected ? '' : `${status} ${body.detail ?? ''}`;
  } catch (error) {
    return String((error as Error).cause ?? error);
  }
}
