/** A message that was sent to the replicas, and who has not acknowledged it yet. */
export class PendingBroadcast {
  /** Resolves when everybody who is expected to has acknowledged. */
  readonly acknowledged: Promise<void>;
  readonly timeUp: Promise<void>;
  /** Whether NATS has surely taken it in. */
  taken = false;
  private readonly done = new Set<string>();
  private awaited?: Set<string>;
  private timer: NodeJS.Timeout;
  private onAcknowledged: () => void;
  private onTimeUp: () => void;

  constructor(
    readonly topic: string,
    readonly payload: string,
    patienceMs: number,
  ) {
    this.acknowledged = new Promise((resolve) => (this.onAcknowledged = resolve));
    this.timeUp = new Promise((resolve) => (this.onTimeUp = resolve));
    this.timer = setTimeout(this.onTimeUp, patienceMs);
  }

  /** From now on the listeners' leases run out. */
  takenIn(patienceMs: number): void {
    this.taken = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onTimeUp, patienceMs);
  }

  expect(members: string[]): void {
    this.awaited = new Set(members.filter((id) => !this.done.has(id)));
    this.check();
  }

  /** It has applied the message, or is gone. */
  acknowledge(member: string): void {
    this.done.add(member);
    this.awaited?.delete(member);
    this.check();
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private check(): void {
    if (this.awaited?.size === 0) this.onAcknowledged();
  }
}
