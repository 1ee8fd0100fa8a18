import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestContext, runInContext } from '@repo/core';
import { waitFor } from '@repo/core/testing';
import { asUnavailable } from './database-errors.js';
import { createTestTables, type TestTables } from './testing/test-tables.js';

describe('statements of a request with a deadline', () => {
  let tables: TestTables;

  beforeAll(async () => {
    tables = await createTestTables([]);
    await tables.dataSource.query('CREATE TABLE test.counters (id int PRIMARY KEY, n int)');
    await tables.dataSource.query('INSERT INTO test.counters VALUES (1, 0)');
  });
  afterAll(() => tables.drop());

  /** The error of work in a request whose deadline is in `leftMs`. */
  const failureOf = (leftMs: number, work: () => Promise<unknown>) =>
    runInContext({ requestId: 'r-1', deadline: Date.now() + leftMs }, work).then(
      () => undefined,
      (error: unknown) => error,
    );
  const sleepers = async () => {
    const [{ count }] = await tables.dataSource.query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
       AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`,
    );
    return count as number;
  };
  const counter = async () =>
    (await tables.dataSource.query('SELECT n FROM test.counters WHERE id = 1 FOR UPDATE NOWAIT'))[0].n;

  it('are cancelled in PostgreSQL at the deadline, as a 503, and the connection is used again', async () => {
    const since = performance.now();

    const error = await failureOf(300, () => tables.dataSource.query('SELECT pg_sleep(60)'));

    expect(asUnavailable(error)).toMatchObject({ status: 503 });
    expect(String(error)).toContain('canceling statement');
    expect(performance.now() - since).toBeGreaterThan(290);
    expect(await sleepers()).toBe(0);
    expect(await failureOf(60_000, () => tables.dataSource.query('SELECT 1'))).toBeUndefined();
  });

  it('release their locks at the deadline', async () => {
    await failureOf(300, () =>
      tables.database.transaction(async ({ manager }) => {
        await manager.query('UPDATE test.counters SET n = 1');
        await manager.query('SELECT pg_sleep(60)');
      }),
    );

    expect(await counter()).toBe(0);
  });

  it('are not sent after the deadline', async () => {
    const error = await failureOf(0, () => tables.dataSource.query('UPDATE test.counters SET n = 2'));

    expect(asUnavailable(error)).toMatchObject({ status: 503 });
    expect(await counter()).toBe(0);
  });

  it('are not committed after the deadline', async () => {
    const error = await failureOf(200, () =>
      tables.database.transaction(async ({ manager }) => {
        await manager.query('UPDATE test.counters SET n = 3');
        await waitFor(() => Date.now() > requestContext()!.deadline!);
      }),
    );

    expect(asUnavailable(error)).toMatchObject({ status: 503 });
    expect(await counter()).toBe(0);
  });

  it('are cancelled without effect on the next statement of their connection', async () => {
    const transaction = () =>
      tables.database.transaction(({ manager }) =>
        Promise.all([manager.query('SELECT pg_sleep(60)'), manager.query('SELECT pg_sleep(60)')]),
      );
    const next = () => tables.dataSource.query('SELECT pg_sleep(0.02)');
    const both = async () => {
      await failureOf(20, transaction);
      await expect(next()).resolves.toHaveLength(1);
    };
    for (let round = 0; round < 15; round++) await Promise.all([both(), both(), both()]);
  });
});
