/** A time for which something is known to hold. Runs on the monotonic clock, which goes on while a process stands still. */
export class Lease {
  private begun = false;
  private until = 0;

  constructor(private readonly durationMs: number) {}

  holds(now: number): boolean {
    return this.begun && now < this.until;
  }

  /** May be extended from now on. */
  begin(): void {
    this.begun = true;
    this.until = 0;
  }

  end(): void {
    this.begun = false;
  }

  /** `lapsed`: it had run out in between, so that nothing is known about that time. */
  extend(from: number, now: number): 'extended' | 'lapsed' | 'none' {
    if (!this.begun) return 'none';
    if (this.until > 0 && now >= this.until) return 'lapsed';
    this.until = Math.max(this.until, from + this.durationMs);
    return 'extended';
  }
}
