import type pg from 'pg';
import { CancellingClient } from './cancelling-client.js';

/** Error of pg after `query_timeout`. */
const QUERY_TIMEOUT = 'Query read timeout';

/**
 * Creates a client class for one pool that disconnects when PostgreSQL does not respond.
 *
 * PostgreSQL itself ends slow statements after `statement_timeout`. If pg's longer `query_timeout` is over,
 * the server does not respond at all. Then this connection is closed, with all others of the pool that have
 * received nothing since. Otherwise a request would wait for the timeout once per connection.
 */
export function disconnectingClient(): typeof pg.Client {
  const clients = new Set<DisconnectingClient>();

  class DisconnectingClient extends CancellingClient {
    receivedAt = performance.now();

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      clients.add(this);
      this.once('end', () => clients.delete(this));
    }

    override query(...args: unknown[]): never {
      const sentAt = performance.now();
      const result = (super.query as (...args: unknown[]) => unknown).apply(this, args);
      if (result instanceof Promise)
        result.then(
          () => (this.receivedAt = performance.now()),
          (error: Error) => error.message === QUERY_TIMEOUT && disconnectSilent(sentAt),
        );
      return result as never;
    }
  }

  const disconnectSilent = (since: number) => {
    const error = new Error('Connection terminated: PostgreSQL does not respond');
    for (const client of clients) if (client.receivedAt < since) client.connection.stream.destroy(error);
  };

  return DisconnectingClient;
}
