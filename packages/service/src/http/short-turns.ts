import type { Server } from 'node:http';

/** Requests that are started in a turn of the event loop while connections arrive. */
const STARTS_PER_TURN = 8;

/**
 * Keeps the turns of the event loop short while connections arrive. Node accepts one connection per turn (libuv,
 * `uv__server_io`). Without this, the open connections of a busy process, each with a request in every turn, keep new
 * ones waiting for seconds, where neither load shedding nor a deadline counts them.
 */
export class ShortTurns {
  private readonly waiting: (() => void)[] = [];
  private hasAccepted = false;
  private isScheduled = false;

  watch(server: Server): void {
    server.on('connection', () => {
      this.hasAccepted = true;
      this.schedule();
    });
  }

  /** Starts a request immediately, or in its order when a connection was accepted in this turn. */
  run(start: () => void): void {
    if (this.isScheduled) this.waiting.push(start);
    else start();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.endTurn());
  }

  private endTurn(): void {
    this.isScheduled = false;
    // A turn without a new connection: none waits.
    const starts = this.hasAccepted ? STARTS_PER_TURN : this.waiting.length;
    if (this.hasAccepted) this.schedule();
    this.hasAccepted = false;
    for (const start of this.waiting.splice(0, starts)) start();
  }
}
