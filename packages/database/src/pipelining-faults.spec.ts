import { kill } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { waitFor } from '@repo/core/testing';
import { CircuitBreakerPool } from './circuit-breaker-pool.js';
import { asUnavailable } from './database-errors.js';
import { disconnectingClient } from './disconnecting-client.js';
import type { ShortStatements, Statement } from './short-statements.js';
import { testAdmin } from './testing/test-admin.js';

const NAME = 'pipelining-faults';
const DEADLINE_MS = 5_000;
const PID = { text: 'SELECT pg_backend_pid()', values: [] };

describe('a fault on a pipelined connection', () => {
  let pool: CircuitBreakerPool;
  let short: ShortStatements;
  let admin: pg.Client;

  beforeAll(async () => {
    const config = { ...testAdmin(), database: 'postgres' };
    pool = new CircuitBreakerPool({
      ...{ ...config, application_name: NAME, max: 7, Client: disconnectingClient() },
      ...{ statement_timeout: 20_000, lock_timeout: 20_000 },
    });
    pool.on('error', () => undefined);
    short = pool.shortStatements;
    admin = new pg.Client(config);
    await admin.connect();
    await admin.query('DROP TABLE IF EXISTS faults; CREATE TABLE faults (id int, title varchar(10))');
    await admin.query(`INSERT INTO faults VALUES (1, 'one')`);
  });
  afterAll(async () => {
    await pool.end();
    await admin.query('DROP TABLE faults');
    await admin.end();
  });
  beforeEach(() => waitFor(async () => (await readers()).size === 2));

  const run = (text: string, ...values: unknown[]) => short.run({ text, values });
  const together = (count: number, statement: Statement) =>
    Array.from({ length: count }, () => short.run(statement));
  /** The backends that executed simultaneous statements. */
  const backends = async (count: number, statement: Statement) => {
    const results = await Promise.all(together(count, statement));
    return new Set(results.map(({ rows }) => rows[0]![0] as number));
  };
  const readers = () => backends(40, PID);
  const failureOf = (result: Promise<unknown>) =>
    result.then(
      () => undefined,
      (error: unknown) => error,
    );
  const waitingForLocks = async () => {
    const { rows } = await admin.query(
      `SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`,
      [NAME],
    );
    return rows.map(({ pid }) => pid as number);
  };

  it('gives no other statement the error of a plan that could not be made', async () => {
    await admin.query('BEGIN; LOCK TABLE faults');
    const results = Promise.all(together(6, { text: 'SELECT id FROM faults', values: [] }));
    const pids = await readers();
    await waitFor(async () => (await waitingForLocks()).some((pid) => !pids.has(pid)));
    await admin.query('COMMIT');

    expect((await results).map(({ rows }) => rows)).toEqual(Array.from({ length: 6 }, () => [[1]]));
  });

  it('delays the statements behind many slow ones less than until their deadline', async () => {
    const slow = { text: 'SELECT id, title FROM faults', values: [] };
    // Its plan exists on both connections, so that each execution waits for the lock.
    await Promise.all(together(10, slow));
    await admin.query('BEGIN; LOCK TABLE faults');
    const blocked = together(200, slow).map(failureOf);
    const others = Promise.all(together(20, PID)).then(() => 'others');

    expect(await Promise.race([others, delay(DEADLINE_MS, 'deadline')])).toBe('others');
    await admin.query('COMMIT');
    await Promise.all(blocked);
  });

  it('does not outlast a change of the type of a column', async () => {
    const text = 'SELECT title FROM faults';
    await Promise.all(together(10, { text, values: [] }));
    await admin.query('ALTER TABLE faults ALTER COLUMN title TYPE varchar(20)');

    const results = await Promise.all(together(10, { text, values: [] }));

    expect(results.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => [['one']]));
  });

  it('rejects a value that cannot be sent, and no other statement', async () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const text = 'SELECT $1::jsonb';

    expect(await failureOf(run(text, circular))).toBeDefined();
    const results = await Promise.all(together(10, { text, values: ['{}'] }));

    expect(results.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => [[{}]]));
  });

  it('repeats the reads of a connection that ends', async () => {
    const [pid] = await readers();
    const reads = Promise.all(together(40, { text: 'SELECT 1, pg_sleep(0.01)', values: [] }));
    await admin.query('SELECT pg_terminate_backend($1)', [pid]);

    expect((await reads).map(({ rows }) => rows[0]![0])).toEqual(Array.from({ length: 40 }, () => 1));
  });

  it('rejects the writes of a connection that ends as unavailable', async () => {
    const write = {
      text: 'WITH one AS (SELECT pg_backend_pid(), pg_sleep(0.1)) SELECT * FROM one',
      values: [],
    };
    await waitFor(async () => (await backends(10, write)).size === 2);
    const [pid] = await backends(10, write);
    const failures = Promise.all(together(20, write).map(failureOf));
    await admin.query('SELECT pg_terminate_backend($1)', [pid]);

    const errors = (await failures).filter((error) => error !== undefined);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map(asUnavailable)).not.toContain(undefined);
  });

  it('rejects the statements of a frozen connection as unavailable, while the other one serves', async () => {
    const [frozen] = await readers();
    kill(frozen!, 'SIGSTOP');
    try {
      const results = await Promise.all(together(10, PID).map(failureOf));
      const errors = results.filter((error) => error !== undefined);

      expect(errors.length).toBeGreaterThan(0);
      expect(errors.map(asUnavailable)).not.toContain(undefined);
      expect((await readers()).has(frozen!)).toBe(false);
    } finally {
      kill(frozen!, 'SIGCONT');
    }
  });
});
