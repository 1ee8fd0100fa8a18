import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { waitFor } from '@repo/core/testing';
import { CircuitBreakerPool } from './circuit-breaker-pool.js';
import { asUnavailable } from './database-errors.js';
import { disconnectingClient } from './disconnecting-client.js';
import type { ShortStatements } from './short-statements.js';
import { testAdmin } from './testing/test-admin.js';

const PID = { text: 'SELECT pg_backend_pid()', values: [] };
/** Not a SELECT, so it counts as a write. */
const PID_OF_WRITE = { ...PID, text: `WITH one AS (${PID.text} AS pid) SELECT pid FROM one` };
const CONNECTIONS = 2;

describe('ShortStatements', () => {
  let pool: CircuitBreakerPool;
  let short: ShortStatements;
  let admin: pg.Client;

  beforeAll(async () => {
    const { host, port, user, password } = testAdmin();
    const config = { host, port, user, password, database: 'postgres' };
    pool = new CircuitBreakerPool({
      ...config,
      application_name: 'short-statements',
      max: 7,
      Client: disconnectingClient(),
      statement_timeout: 20_000,
    });
    // A connection that is ended while it is idle.
    pool.on('error', () => undefined);
    short = pool.shortStatements;
    admin = new pg.Client(config);
    await admin.connect();
  });
  afterAll(() => Promise.all([pool.end(), admin.end()]));

  /** The backends that executed simultaneous statements. */
  const backends = async (statement = PID, count = 40) => {
    const results = await Promise.all(Array.from({ length: count }, () => short.run(statement)));
    return new Set(results.map(({ rows }) => rows[0]![0] as number));
  };
  const areOpen = () => waitFor(async () => (await backends()).size === CONNECTIONS);

  it('sends simultaneous statements over two connections', async () => {
    await areOpen();

    expect((await backends()).size).toBe(CONNECTIONS);
    expect(pool.totalCount - pool.idleCount).toBe(0);
  });

  it('sends writes over two others, and more than these should carry to the pool', async () => {
    await areOpen();
    await waitFor(async () => (await backends(PID_OF_WRITE, 10)).size === CONNECTIONS);

    const [readers, writers] = [await backends(), await backends(PID_OF_WRITE, 10)];
    expect([...writers].filter((pid) => readers.has(pid))).toEqual([]);
    expect((await backends(PID_OF_WRITE, 100)).size).toBeGreaterThan(CONNECTIONS);
  });

  it('returns to each of many mixed statements its own result', async () => {
    await areOpen();
    const texts = [
      'SELECT $1::int',
      'SELECT $1::int FROM generate_series(1, 3)',
      'SELECT $1::int WHERE $1::int % 2 = 0',
      'SELECT 1 / ($1::int * 0)',
    ];
    const expected = (n: number) =>
      [[[n]], [[n], [n], [n]], n % 2 === 0 ? [[n]] : [], 'division by zero'][n % texts.length];

    const results: unknown[] = [];
    for (let round = 0; round < 20; round++) {
      const ofRound = Array.from({ length: 1_000 }, (_, index) => {
        const n = results.length + index;
        return short.run({ text: texts[n % texts.length]!, values: [n] }).then(
          ({ rows }): unknown => rows,
          (error: Error) => error.message,
        );
      });
      results.push(...(await Promise.all(ofRound)));
    }

    const wrong = results.filter((result, n) => JSON.stringify(result) !== JSON.stringify(expected(n)));
    expect(wrong).toEqual([]);
  });

  it('repeats a slow statement on the pool, and delays the others by its time limit at most', async () => {
    await areOpen();
    const slow = short.run({ text: `SELECT 'slow' FROM pg_sleep(1.5)`, values: [] });
    const others = Promise.all(Array.from({ length: 20 }, () => short.run(PID)));
    const first = await Promise.race([slow.then(() => 'slow'), others.then(() => 'others')]);

    expect(first).toBe('others');
    expect((await slow).rows).toEqual([['slow']]);
  });

  it('repeats a statement that waits for a lock on the pool', async () => {
    await admin.query('CREATE TABLE IF NOT EXISTS locked (id int PRIMARY KEY)');
    await areOpen();
    await admin.query('BEGIN; LOCK TABLE locked');
    const insert = short
      .run({ text: 'INSERT INTO locked VALUES ($1)', values: [1] })
      .catch((error: Error) => error.message);
    await waitFor(async () => {
      const { rows } = await admin.query(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'short-statements' AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0 && !(await backends()).has(rows[0].pid as number);
    });

    await admin.query('DROP TABLE locked; COMMIT');
    expect(await insert).toBe('relation "locked" does not exist');
  });

  it('rejects the statements of a lost connection as unavailable, and continues on a new one', async () => {
    await areOpen();
    const [victim] = await backends();
    let failure: unknown;
    short.run({ text: 'WITH one AS (SELECT pg_sleep(60)) SELECT FROM one', values: [] }).catch((error) => {
      failure = error;
    });
    // Repeatedly: after its time limit, the statement is on a connection of the pool.
    await waitFor(async () => {
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'short-statements'`,
      );
      return failure !== undefined;
    });

    expect(asUnavailable(failure)).toBeDefined();
    await areOpen();
    expect((await backends()).has(victim!)).toBe(false);
  });

  it('names the statements that it has seen, up to a bound', () => {
    const nameOf = (text: string) => short.queryOf({ text, values: [] }).name;
    expect(nameOf('SELECT 1')).toBe(nameOf('SELECT 1'));
    for (let n = 0; n < 1_000; n++) nameOf(`SELECT ${n} AS n`);

    expect(nameOf('SELECT 1')).toBeDefined();
    expect(nameOf('SELECT 999 AS n')).toBeUndefined();
  });
});
