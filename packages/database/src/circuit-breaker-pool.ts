import { callbackify } from 'node:util';
import { CircuitBreaker } from '@repo/core';
import pg from 'pg';
import { ShortStatements } from './short-statements.js';

/** Error of the pool when all its connections are in use: PostgreSQL is available, but busy. */
const ALL_IN_USE = 'timeout exceeded when trying to connect';

/** Connection pool with a circuit breaker: while PostgreSQL cannot be reached, it refuses immediately. */
export class CircuitBreakerPool extends pg.Pool {
  readonly shortStatements: ShortStatements;
  private readonly breaker = new CircuitBreaker('PostgreSQL');

  constructor({ max = 10, ...options }: pg.PoolConfig = {}) {
    // Of a small pool no connection is set aside.
    const short = max > 5 ? { readers: 2, writers: 2 } : { readers: 0, writers: 0 };
    super({ ...options, max: max - short.readers - short.writers });
    this.shortStatements = new ShortStatements(this, short);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: (error?: Error, client?: pg.PoolClient, release?: () => void) => void): void;
  override connect(callback?: (...args: any[]) => void): Promise<pg.PoolClient> | void {
    const connecting = this.breaker.run(
      () => super.connect(),
      (error) => (error as Error).message !== ALL_IN_USE,
    );
    if (!callback) return connecting;
    callbackify(() => connecting)((error, client) => {
      callback(error ?? undefined, client, client?.release ?? (() => undefined));
    });
  }

  override end(): Promise<void>;
  override end(callback: () => void): void;
  override end(callback?: () => void): Promise<void> | void {
    const ended = Promise.all([this.shortStatements.end(), super.end()]);
    if (!callback) return ended.then(() => undefined);
    void ended.finally(callback);
  }
}
