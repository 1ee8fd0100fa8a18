import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { poll } from '../../tools/lib/poll.ts';
import type { LoadFigures } from './load.ts';

/** The job of `task-worker.ts`, which is in a queue of its own. */
export const NOOP_JOB = 'bench.noop';
/** The queue of `yardstick-worker.ts`. */
export const BARE_QUEUE = 'bare';
/** The default of WORKER_CONCURRENCY. */
export const CONCURRENT_TASKS = 10;

const TIMEOUT_MS = 60_000;

/**
 * Creates tasks in a table and waits until a worker has completed them.
 *
 * @param enqueue adds their ids to the queue of the worker
 */
export async function runTasks(
  database: pg.Pool,
  table: string,
  count: number,
  enqueue: (ids: string[]) => Promise<unknown> = async () => undefined,
): Promise<LoadFigures> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await database.query(
    `INSERT INTO ${table} (id, job, payload) SELECT id, '${NOOP_JOB}', '{}' FROM unnest($1::uuid[]) id`,
    [ids],
  );
  await enqueue(ids);
  const figures = async () => {
    const { rows } = await database.query<LoadFigures>(
      `SELECT count(*)::int AS count,
              (count(*) / extract(epoch FROM max(finished_at) - min(started_at)))::float AS "perSecond",
              percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
              percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99
       FROM ${table}, LATERAL (SELECT (extract(epoch FROM finished_at - started_at) * 1000)::float AS ms) AS took
       WHERE id = ANY ($1) AND status = 'completed'`,
      [ids],
    );
    return rows[0]!.count === count && rows[0];
  };
  return poll(figures, {
    timeoutMs: TIMEOUT_MS,
    intervalMs: 100,
    message: `Not all ${count} tasks of ${table} were completed within ${TIMEOUT_MS / 1000} s.`,
  });
}
