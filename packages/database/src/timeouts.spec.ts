import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOCK_TIMEOUT_MS, POOL_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from './data-source-options.js';
import type { CircuitBreakerPool } from './circuit-breaker-pool.js';
import { asUnavailable } from './database-errors.js';
import { createTestTables, type TestTables } from './testing/test-tables.js';

/** Allowance for a busy machine. */
const MARGIN_MS = 2_000;

describe('a timeout of the database', () => {
  let tables: TestTables;

  beforeAll(async () => {
    tables = await createTestTables([]);
    await tables.dataSource.query('CREATE TABLE test.counters (id int PRIMARY KEY, n int)');
    await tables.dataSource.query('INSERT INTO test.counters VALUES (1, 0)');
  });
  afterAll(() => tables.drop());

  /** The error of the work, and its duration. */
  async function measure(work: () => Promise<unknown>): Promise<{ error: unknown; ms: number }> {
    const since = Date.now();
    const error: unknown = await work().then(
      () => undefined,
      (error: unknown) => error,
    );
    return { error, ms: Date.now() - since };
  }

  it('ends a slow statement, as a 503', async () => {
    const { error, ms } = await measure(() => tables.dataSource.query('SELECT pg_sleep(60)'));

    expect(asUnavailable(error)).toMatchObject({ status: 503 });
    expect(ms).toBeLessThan(STATEMENT_TIMEOUT_MS + MARGIN_MS);
  });

  it('ends the wait for a locked row, as a 503', async () => {
    const { dataSource, database } = tables;
    await database.transaction(async ({ manager }) => {
      await manager.query('UPDATE test.counters SET n = 1');

      const { error, ms } = await measure(() => dataSource.query('UPDATE test.counters SET n = 2'));

      expect(asUnavailable(error)).toMatchObject({ status: 503 });
      expect(ms).toBeLessThan(LOCK_TIMEOUT_MS + MARGIN_MS);
    });
  });

  it('ends the wait for a connection when all are in use, as a 503', async () => {
    const { dataSource } = tables;
    const pool = (dataSource.driver as unknown as { master: CircuitBreakerPool }).master;
    const taken = Array.from({ length: pool.options.max! }, () => dataSource.createQueryRunner());
    await Promise.all(taken.map((runner) => runner.connect()));
    try {
      const { error, ms } = await measure(() => dataSource.query('SELECT 1'));

      expect(asUnavailable(error)).toMatchObject({ status: 503 });
      expect(ms).toBeLessThan(POOL_TIMEOUT_MS + MARGIN_MS);
    } finally {
      await Promise.all(taken.map((runner) => runner.release()));
    }
  });
});
