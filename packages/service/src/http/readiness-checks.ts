import { Injectable } from '@nestjs/common';
import { withDeadline } from '@repo/core';

/** Throws when something that the process needs does not work. */
type Check = () => void | Promise<void>;

interface Report {
  ready: boolean;
  /** `up` or the reason, by name of the check. */
  checks: Record<string, string>;
}

const CHECK_TIMEOUT_MS = 1_000;
const CACHE_MS = 500;

@Injectable()
export class ReadinessChecks {
  private readonly checks = new Map<string, Check>();
  private cached?: { at: number; report: Promise<Report> };
  private stopping = false;

  register(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  /** Makes the process not ready, before it stops. */
  stop(): void {
    this.stopping = true;
    this.cached = undefined;
  }

  report(): Promise<Report> {
    if (!this.cached || Date.now() - this.cached.at >= CACHE_MS)
      this.cached = { at: Date.now(), report: this.run() };
    return this.cached.report;
  }

  private async run(): Promise<Report> {
    if (this.stopping) return { ready: false, checks: { process: 'stopping' } };
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await resultOf(check)] as const),
    );
    return { ready: results.every(([, result]) => result === 'up'), checks: Object.fromEntries(results) };
  }
}

async function resultOf(check: Check): Promise<string> {
  try {
    const result = Promise.resolve()
      .then(check)
      .then(() => 'up');
    return (await withDeadline(result, CHECK_TIMEOUT_MS)) ?? 'no response in time';
  } catch (error) {
    return error instanceof Error ? error.message : 'down';
  }
}
