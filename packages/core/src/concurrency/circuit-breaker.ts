/** How many calls in a row must fail before the rest is refused, and how often one may then try again. */
const FAILURES_TO_OPEN = 3;
const PROBE_INTERVAL_MS = 500;

/** Spares callers the wait for somebody who is away: after a few failures in a row only a probe gets through. */
export class CircuitBreaker {
  private failures = 0;
  private nextProbeAt = 0;

  /** Whether a call may be made now; a `probe` should not wait for long. */
  admits(now = performance.now()): 'yes' | 'probe' | 'no' {
    if (this.failures < FAILURES_TO_OPEN) return 'yes';
    if (now < this.nextProbeAt) return 'no';
    this.nextProbeAt = now + PROBE_INTERVAL_MS;
    return 'probe';
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(now = performance.now()): void {
    this.failures += 1;
    this.nextProbeAt = now + PROBE_INTERVAL_MS;
  }
}
