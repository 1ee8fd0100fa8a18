/** A message that was sent to the replicas and is not acknowledged by all of them. */
export class PendingBroadcast {
  received = false;
  private readonly acknowledged = Promise.withResolvers<void>();
  private readonly timedOut = Promise.withResolvers<void>();
  private readonly acknowledgedBy = new Set<string>();
  private awaited?: Set<string>;
  private timer?: NodeJS.Timeout;

  constructor(
    readonly topic: string,
    readonly payload: string,
    timeoutMs: number,
  ) {
    this.timer = setTimeout(this.timedOut.resolve, timeoutMs);
  }

  /** Resolves when `applied` and all acknowledgements are done, or after the timeout. */
  async done(applied: Promise<void>): Promise<void> {
    await Promise.race([Promise.all([applied, this.acknowledged.promise]), this.timedOut.promise]);
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** NATS has received the message: the timeout starts again. */
  onReceived(timeoutMs: number): void {
    this.received = true;
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.timedOut.resolve, timeoutMs);
  }

  expect(members: string[]): void {
    this.awaited = new Set(members.filter((id) => !this.acknowledgedBy.has(id)));
    this.check();
  }

  /** The member has applied the message, or has left. */
  acknowledge(member: string): void {
    this.acknowledgedBy.add(member);
    this.awaited?.delete(member);
    this.check();
  }

  private check(): void {
    if (this.awaited?.size === 0) this.acknowledged.resolve();
  }
}
