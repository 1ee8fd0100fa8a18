import { connect } from 'node:net';
import { requestContext } from '@repo/core';
import pg from 'pg';

/** What tells PostgreSQL, on a connection of its own, that the rest is the key of a statement to be cancelled. */
const CANCEL_REQUEST = 80_877_102;
const CANCEL_LIMIT_MS = 1_000;

/**
 * Holds statements to the time that is left of the running request: then one that still runs is cancelled, and gives
 * back its locks and its connection, and none begins any more, a COMMIT least of all. That costs no round trip, as
 * setting a time limit in PostgreSQL for each statement would.
 */
export class DeadlineClient extends pg.Client {
  override query(...args: unknown[]): never {
    const ask = () => (super.query as (...args: unknown[]) => unknown).apply(this, args);
    const { deadline } = requestContext() ?? {};
    if (deadline === undefined || isRollback(args[0])) return ask() as never;
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) return Promise.reject(new Error('timeout: no time is left of the request')) as never;
    const answer = ask();
    return (answer instanceof Promise ? this.limited(answer, leftMs) : answer) as never;
  }

  /** Ends after the cancellation that it may have begun: that must not hit the next statement of the connection. */
  private limited(answer: Promise<unknown>, leftMs: number): Promise<unknown> {
    let cancelled: Promise<void> | undefined;
    const timer = setTimeout(() => (cancelled = this.cancel()), leftMs);
    return answer.finally(() => {
      clearTimeout(timer);
      return cancelled;
    });
  }

  /** Done when PostgreSQL has hung up: by then it has told the process that runs the statement. */
  private cancel(): Promise<void> {
    const { processID, secretKey } = this as unknown as { processID: number; secretKey: number };
    const message = Buffer.alloc(16);
    [message.length, CANCEL_REQUEST, processID, secretKey].forEach((part, index) =>
      message.writeInt32BE(part, 4 * index),
    );
    return new Promise((resolve) => {
      const socket = connect(this.port, this.host, () => socket.write(message));
      socket.setTimeout(CANCEL_LIMIT_MS, () => socket.destroy());
      socket.on('error', () => undefined).once('close', () => resolve());
    });
  }
}

/** What leaves no trace may be said at any time; it is how a transaction ends that has no time left. */
function isRollback(statement: unknown): boolean {
  return typeof statement === 'string' && statement.startsWith('ROLLBACK');
}
