import type pg from 'pg';
import { DeadlineClient } from './deadline-client.js';

/** What pg says when its own time limit is over. */
const SILENCE = 'Query read timeout';

/**
 * The connections of one pool. A slow statement is cancelled by the server, so a limit that is over on our side means
 * that the server says nothing at all. Then the connection hangs up instead of letting the next statement wait for as
 * long; and with it all others that have heard nothing since, so that no later request has to find that out by itself.
 */
export function clientsThatHangUp(): typeof pg.Client {
  const clients = new Set<HangUpClient>();

  class HangUpClient extends DeadlineClient {
    private heardAt = performance.now();

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      clients.add(this);
      this.once('end', () => clients.delete(this));
    }

    override query(...args: unknown[]): never {
      const askedAt = performance.now();
      const answer = (super.query as (...args: unknown[]) => unknown).apply(this, args);
      if (answer instanceof Promise) answer.then(() => this.heard(), hangUpWhenSilent(askedAt));
      return answer as never;
    }

    private heard(): void {
      this.heardAt = performance.now();
    }

    hasHeardSince(time: number): boolean {
      return this.heardAt >= time;
    }

    hangUp(): void {
      this.connection.stream.destroy(new Error('Connection terminated: PostgreSQL does not answer'));
    }
  }

  const hangUpWhenSilent = (askedAt: number) => (error: unknown) => {
    if (!(error instanceof Error) || error.message !== SILENCE) return;
    for (const client of clients) if (!client.hasHeardSince(askedAt)) client.hangUp();
  };

  return HangUpClient;
}
