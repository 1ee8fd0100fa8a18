import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { CircuitBreakerPool } from '../../../packages/database/dist/circuit-breaker-pool.js';
import { asUnavailable } from '../../../packages/database/dist/database-errors.js';
import { disconnectingClient } from '../../../packages/database/dist/disconnecting-client.js';
import type { Statement } from '../../../packages/database/dist/short-statements.js';
import type { Scenario } from '../scenario.ts';

const ANSWERS = 1_000_000;
const CLIENTS = 500;
const NAME = 'statements-mixed';
const SLOW = 'SELECT $1::int FROM pg_sleep(0.3)';
const INSERT = 'INSERT INTO mixed VALUES ($1) RETURNING n';

/** Statements of different shapes with a number as parameter, and their results: rows, or the message of an error. */
const SHAPES: [text: string, result: (n: number) => unknown][] = [
  ['SELECT $1::int', (n) => [[n]]],
  ['SELECT $1::int FROM generate_series(1, 3)', (n) => [[n], [n], [n]]],
  ['SELECT $1::int, $1::text WHERE $1::int % 2 = 0', (n) => (n % 2 === 0 ? [[n, String(n)]] : [])],
  ['SELECT 1 / ($1::int * 0)', () => 'division by zero'],
  [INSERT, (n) => [[n]]],
];

export const statementsMixed: Scenario = {
  name: NAME,
  guarantee: `${ANSWERS / 1e6} million statements of different shapes, some slow, some failing, share four connections, which meanwhile are ended, frozen and cancelled, and PostgreSQL is killed: no result goes to another statement, and no write is lost or made twice.`,
  async run(system, report) {
    const database = await system.database();
    await database.query('CREATE TABLE mixed (n int)');
    const pool = new CircuitBreakerPool({
      ...{ ...database.options, password: database.options.password, application_name: NAME, max: 10 },
      ...{ Client: disconnectingClient(), connectionTimeoutMillis: 1_000, query_timeout: 3_500 },
    });
    pool.on('error', () => undefined);
    const written = new Set<string>();
    const { counts } = report;
    let wrong = 0;

    const run = async (n: number) => {
      const [shape, result] = SHAPES[n % SHAPES.length]!;
      const isSlow = n % 20_000 === 0;
      const statement: Statement = { text: isSlow ? SLOW : shape, values: [n] };
      const answer = await pool.shortStatements.run(statement).then(
        ({ rows }) => rows,
        (error: Error) => (asUnavailable(error) ? undefined : error.message),
      );
      if (answer === undefined) {
        counts.unknown += 1;
        return delay(20);
      }
      counts.acknowledged += 1;
      if (shape === INSERT && !isSlow) written.add(String(n));
      if (JSON.stringify(answer) === JSON.stringify(isSlow ? [[n]] : result(n))) return;
      wrong += 1;
      report.note(`${statement.text}, ${n}: ${JSON.stringify(answer)}`);
    };
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (counts.acknowledged < ANSWERS) await run(counts.attempted++);
    });
    const work = Promise.all(clients).then(() => true);
    for (let round = 1; !(await Promise.race([work, delay(200, false)])); round++) {
      if (round === 30) {
        await system.kill('postgres');
        await system.start('postgres');
      } else await damage(database, round);
    }
    await pool.end();

    const { rows } = await database.query<{ n: string }>('SELECT n::text FROM mixed');
    const stored = rows.map(({ n }) => n);
    report.compare(written, new Set(stored));
    report.atLeast('answers', counts.acknowledged, ANSWERS);
    report.atMost('answers of another statement, or errors other than 503', wrong, 0);
    report.atMost('writes made twice', stored.length - new Set(stored).size, 0);
  },
};

/** Ends a connection, cancels what runs, or freezes a connection for longer than the client waits. */
async function damage(database: pg.Pool, round: number): Promise<void> {
  const fault =
    round % 20 === 0 ? 'pid' : round % 2 === 0 ? 'pg_cancel_backend(pid)' : 'pg_terminate_backend(pid)';
  const { rows } = await database.query<{ pid: number }>(
    `SELECT pid, ${fault} FROM pg_stat_activity WHERE application_name = $1 ORDER BY random() LIMIT 1`,
    [NAME],
  );
  const [{ pid } = {}] = rows;
  if (fault !== 'pid' || pid === undefined) return;
  process.kill(pid, 'SIGSTOP');
  await delay(3_000);
  process.kill(pid, 'SIGCONT');
}
