import { setTimeout as delay } from 'node:timers/promises';
import { mapConcurrently } from '../../support/concurrency.ts';
import { eventually, retry } from '../../support/eventually.ts';
import { createUser } from '../../support/users.ts';
import type { Scenario } from '../scenario.ts';
import { Audit, duplicates } from '../support/audit.ts';
import { call, isSuccess } from '../support/client.ts';

const TASKS = 200;
const WORKER_KILLS = 5;
/** Interrupted tasks are taken over before the next kill, so that each re-run has one cause. */
const BETWEEN_KILLS_MS = 16_000;
const RERUN_LIMIT_S = 15;
const COMPLETION_TIMEOUT_MS = 180_000;

export const tasksSurvive: Scenario = {
  name: 'tasks-survive',
  guarantee: `${TASKS} tasks are created while the worker is killed five times and the queue's Redis once, and the queue is emptied once: every task completes, none has its effect twice, and an interrupted one runs again within ${RERUN_LIMIT_S} s.`,
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  // An interrupted task runs again without waiting for another one to end.
  appEnv: { worker: { WORKER_CONCURRENCY: '40' } },
  async run(system, report) {
    const database = await system.database();
    const audit = await Audit.start(database);
    await audit.watch('jobs.tasks', 'UPDATE', `NEW.status || ' ' || NEW.attempts || ' ' || NEW.id`);
    const redis = await system.redis('redis-queue');
    const { token } = await retry(createUser);
    const acknowledged = new Set<string>();
    const creating = mapConcurrently(Array.from({ length: TASKS }), 4, async () => {
      const answer = report.count(await call('POST /tasks/task?message=fault', { token }));
      if (isSuccess(answer)) acknowledged.add(answer.body.id);
      // Spreads the tasks over all faults: some are accepted while Redis or the worker is unavailable.
      await delay(1_500);
    });

    const interruptions: number[] = [];
    const interrupt = async (fault: () => Promise<unknown>) => {
      interruptions.push(Date.now());
      await fault();
      await delay(BETWEEN_KILLS_MS);
    };
    await delay(4_000);
    for (let kill = 1; kill <= WORKER_KILLS; kill++)
      await interrupt(async () => {
        await system.kill('worker');
        await system.start('worker');
      });
    await interrupt(async () => {
      await system.kill('redis-queue');
      await system.start('redis-queue');
    });
    await interrupt(() => redis.flushall());
    await creating;

    const unfinished = () => database.query(`SELECT id FROM jobs.tasks WHERE status <> 'completed'`);
    const rest = await eventually(unfinished, ({ rowCount }) => rowCount === 0, {
      timeoutMs: COMPLETION_TIMEOUT_MS,
      intervalMs: 500,
    });
    const { rows } = await database.query<{ id: string }>(
      `SELECT id FROM jobs.tasks WHERE status = 'completed'`,
    );
    report.compare(acknowledged, new Set(rows.map(({ id }) => id)));
    report.atMost('tasks that did not complete', rest.rowCount ?? 0, 0);
    const writes = await audit.writes();
    const completions = writes
      .filter(({ what }) => what.startsWith('completed'))
      .map(({ what }) => what.split(' ')[2]!);
    report.atMost('effects twice', duplicates(completions), 0);
    const reruns = rerunsOf(writes, interruptions);
    report.atLeast('tasks interrupted', reruns.length, WORKER_KILLS);
    report.atMost('longest until a re-run', Math.max(0, ...reruns) / 1000, RERUN_LIMIT_S, ' s');
  },
};

/** The time from each interruption to the next start of a task that had started before it. */
function rerunsOf(writes: { what: string; at: Date }[], interruptions: number[]): number[] {
  const starts = new Map<string, number[]>();
  for (const { what, at } of writes) {
    const [status, attempts, id] = what.split(' ') as [string, string, string];
    const times = starts.get(id) ?? [];
    starts.set(id, times);
    if (status === 'active' && times.length < Number(attempts)) times.push(at.getTime());
  }
  return [...starts.values()].flatMap((times) =>
    times.slice(1).flatMap((again, index) => {
      const cause = interruptions.find((time) => time > times[index]! && time < again);
      return cause === undefined ? [] : again - cause;
    }),
  );
}
