/** Limits how long copies may be used. Times are `performance.now()`, which advances in a frozen process. */
export class Lease {
  /** Undefined while inactive; 0 before the first extension. */
  private until?: number;

  constructor(private readonly durationMs: number) {}

  isValid(now: number): boolean {
    return now < (this.until ?? 0);
  }

  /** Allows extensions. The lease becomes valid with the first one. */
  begin(): void {
    this.until = 0;
  }

  end(): void {
    this.until = undefined;
  }

  /** `expired`: the lease was not valid for some time before `now`, and stays invalid until `begin()`. */
  extend(from: number, now: number): 'extended' | 'expired' | 'inactive' {
    if (this.until === undefined) return 'inactive';
    if (this.until > 0 && now >= this.until) return 'expired';
    this.until = Math.max(this.until, from + this.durationMs);
    return 'extended';
  }
}
