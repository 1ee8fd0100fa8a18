import { CircuitBreaker } from '@repo/core';
import pg from 'pg';

/** What the pool says when all its connections are at work: PostgreSQL is there, and busy. */
const ALL_AT_WORK = 'timeout exceeded when trying to connect';

type Callback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (destroy?: unknown) => void,
) => void;

/**
 * The connections of a process. While PostgreSQL cannot be reached, whoever asks for one is refused at once, instead of
 * waiting for it; now and then somebody is let through to try.
 */
export class CircuitBreakerPool extends pg.Pool {
  private readonly breaker = new CircuitBreaker();

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | void {
    if (!callback)
      return new Promise((resolve, reject) =>
        this.connect((error, client) => (error ? reject(error) : resolve(client!))),
      );
    if (this.breaker.admits() === 'no')
      return callback(new Error('Connection terminated: PostgreSQL is away'), undefined, () => undefined);
    super.connect((error, client, release) => {
      if (!error) this.breaker.succeeded();
      else if (error.message !== ALL_AT_WORK) this.breaker.failed();
      callback(error, client, release);
    });
  }
}
