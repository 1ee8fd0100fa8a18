import { Injectable } from '@nestjs/common';

export type ReadinessCheck = () => void | Promise<void>;

const CHECK_TIMEOUT_MS = 1_000;
const CACHE_MS = 500;

export interface ReadinessReport {
  ready: boolean;
  checks: Record<string, string>;
}

/** Whether this process can do its work: each part registers what it needs. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private cached?: { at: number; report: Promise<ReadinessReport> };
  private stopping = false;

  /** `check` throws when the part cannot work. */
  register(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** From now on the answer is no: the process is about to stop. */
  stop(): void {
    this.stopping = true;
    this.cached = undefined;
  }

  report(): Promise<ReadinessReport> {
    if (this.cached && Date.now() - this.cached.at < CACHE_MS) return this.cached.report;
    this.cached = { at: Date.now(), report: this.run() };
    return this.cached.report;
  }

  private async run(): Promise<ReadinessReport> {
    if (this.stopping) return { ready: false, checks: { process: 'stopping' } };
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    return { ready: results.every(([, result]) => result === 'up'), checks: Object.fromEntries(results) };
  }
}

async function outcome(check: ReadinessCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, 'no answer in time');
  });
  const run = Promise.resolve()
    .then(check)
    .then(() => 'up')
    .catch((error: unknown) => (error instanceof Error ? error.message : 'down'));
  return Promise.race([run, limit]).finally(() => clearTimeout(timer));
}
