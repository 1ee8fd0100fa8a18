import { callbackify } from 'node:util';
import { CircuitBreaker } from '@repo/core';
import pg from 'pg';
import { ShortStatements } from './short-statements.js';

/** Error of the pool when all its connections are in use: PostgreSQL is available, but busy. */
const ALL_IN_USE = 'timeout exceeded when trying to connect';

interface CircuitBreakerPoolConfig extends pg.PoolConfig {
  preparedStatements?: boolean;
}

/** Connection pool with a circuit breaker: while PostgreSQL cannot be reached, it refuses immediately. */
export class CircuitBreakerPool extends pg.Pool {
  readonly shortStatements: ShortStatements;
  private readonly breaker = new CircuitBreaker('PostgreSQL');

  /** @param preparedStatements false: statements have no names, and none are pipelined with those of other requests */
  constructor({ max = 10, preparedStatements = true, ...options }: CircuitBreakerPoolConfig = {}) {
    // Of a small pool no connection is set aside.
    const [readers, writers] = preparedStatements && max > 5 ? [2, 2] : [0, 0];
    super({ ...options, max: max - readers - writers });
    this.shortStatements = new ShortStatements(this, { readers, writers, prepared: preparedStatements });
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
