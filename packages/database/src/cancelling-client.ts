import { connect } from 'node:net';
import { requestContext } from '@repo/core';
import { PipeliningClient } from './pipelining-client.js';

/** Code of the message that cancels a statement, on a connection of its own. */
const CANCEL_REQUEST = 80_877_102;
const CANCEL_TIMEOUT_MS = 1_000;

/**
 * Client that cancels statements at the deadline of the running request, which releases their locks and the
 * connection. After the deadline it refuses all statements except ROLLBACK, also COMMIT. A timeout set in
 * PostgreSQL for each statement would cost a round trip.
 */
export class CancellingClient extends PipeliningClient {
  private cancellation?: Promise<void>;

  override query(...args: unknown[]): never {
    const send = () => (super.query as (...args: unknown[]) => unknown).apply(this, args);
    const { deadline } = requestContext() ?? {};
    if (isRollback(args[0])) return this.rollBack(send) as never;
    if (deadline === undefined) return send() as never;
    const leftMs = deadline - Date.now();
    if (leftMs <= 0)
      return Promise.reject(new Error('timeout: the deadline of the request has passed')) as never;
    const result = send();
    return (result instanceof Promise ? this.withCancellation(result, leftMs) : result) as never;
  }

  /** Settles after the cancellations of all statements before it, which could otherwise cancel the next statement. */
  private async rollBack(send: () => unknown): Promise<unknown> {
    await this.cancellation;
    try {
      return await send();
    } finally {
      await this.cancellation;
    }
  }

  /** Settles after the cancellation is complete, which could otherwise cancel the next statement. */
  private async withCancellation(result: Promise<unknown>, leftMs: number): Promise<unknown> {
    let cancelled: Promise<void> | undefined;
    const cancel = () => {
      this.cancellation ??= this.cancelStatement().finally(() => (this.cancellation = undefined));
      cancelled = this.cancellation;
    };
    const timer = setTimeout(cancel, leftMs);
    try {
      return await result;
    } finally {
      clearTimeout(timer);
      await cancelled;
    }
  }

  /** Resolves when PostgreSQL has closed this connection: then it has signalled the cancellation. */
  private cancelStatement(): Promise<void> {
    const { processID, secretKey } = this as unknown as { processID: number; secretKey: number };
    const message = Buffer.alloc(16);
    [message.length, CANCEL_REQUEST, processID, secretKey].forEach((part, index) =>
      message.writeInt32BE(part, 4 * index),
    );
    return new Promise((resolve) => {
      const socket = connect(this.port, this.host, () => socket.write(message));
      socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy());
      socket.on('error', () => undefined).once('close', () => resolve());
    });
  }
}

function isRollback(statement: unknown): boolean {
  return typeof statement === 'string' && statement.startsWith('ROLLBACK');
}
