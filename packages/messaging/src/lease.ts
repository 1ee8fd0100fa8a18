/** Limits how long copies may be used. Times are `performance.now()`, which advances in a frozen process. */
export class Lease {
  private active = false;
  private until = 0;

  constructor(private readonly durationMs: number) {}

  isValid(now: number): boolean {
    return this.active && now < this.until;
  }

  /** Allows extensions. The lease becomes valid with the first one. */
  begin(): void {
    this.active = true;
    this.until = 0;
  }

  end(): void {
    this.active = false;
  }

  /** `expired`: the lease was not valid for some time before `now`, and stays invalid until `begin()`. */
  extend(from: number, now: number): 'extended' | 'expired' | 'inactive' {
    if (!this.active) return 'inactive';
    if (this.until > 0 && now >= this.until) return 'expired';
    this.until = Math.max(this.until, from + this.durationMs);
    return 'extended';
  }
}
