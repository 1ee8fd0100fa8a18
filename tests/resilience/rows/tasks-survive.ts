import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../row.js';
import { eventually } from '../../support/eventually.js';
import { Audit, repeated } from '../support/audit.js';
import { isSuccess } from '../support/client.js';
import { sideBySide } from '../support/load.js';
import { join } from '../support/people.js';

const TASKS = 200;
const WORKER_KILLS = 5;
/** Long enough for killed tasks to be taken over before the next kill, so that each re-run has one cause. */
const BETWEEN_KILLS_MS = 16_000;
const RERUN_LIMIT_S = 15;
const DONE_LIMIT_MS = 180_000;

export const tasksSurvive: Row = {
  name: 'tasks-survive',
  promise: `${TASKS} tasks while the worker is killed five times, Redis once, and its queue is emptied once: every task ends, none has its effect twice, and an interrupted one runs again within ${RERUN_LIMIT_S} s.`,
  env: { DEFAULT_RATE_LIMIT_LIMIT: '1000000' },
  // So that what is taken over need not wait until another task ends.
  appEnv: { worker: { WORKER_CONCURRENCY: '40' } },
  async run(system, report) {
    const database = await system.database();
    const audit = await Audit.of(database);
    await audit.watch('jobs.tasks', 'UPDATE', `NEW.status || ' ' || NEW.tries || ' ' || NEW.id`);
    const redis = await system.redis('redis-queue');
    const { token } = await join(system.call);
    const acknowledged = new Set<string>();
    const creating = sideBySide(Array.from({ length: TASKS }), 4, async () => {
      const answer = report.count(await system.call('POST /tasks/task?message=fault', { token }));
      if (isSuccess(answer)) acknowledged.add(answer.body.id);
      // Spread over the faults: some are accepted while Redis or the worker is away.
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
      timeoutMs: DONE_LIMIT_MS,
      intervalMs: 500,
    });
    const { rows } = await database.query(`SELECT id FROM jobs.tasks WHERE status = 'completed'`);
    report.compare(acknowledged, new Set((rows as { id: string }[]).map(({ id }) => id)));
    report.atMost('tasks that did not end', rest.rowCount ?? 0, 0);
    const noted = await audit.noted();
    const ends = noted
      .filter(({ what }) => what.startsWith('completed'))
      .map(({ what }) => what.split(' ')[2]!);
    report.atMost('effects twice', repeated(ends), 0);
    const reruns = rerunsOf(noted, interruptions);
    report.atLeast('tasks interrupted', reruns.length, WORKER_KILLS);
    report.atMost('longest until a re-run', Math.max(0, ...reruns) / 1000, RERUN_LIMIT_S, ' s');
  },
};

/** From each interruption to the next start of a task that had started before it and was started again after it. */
function rerunsOf(noted: { what: string; at: Date }[], interruptions: number[]): number[] {
  const starts = new Map<string, number[]>();
  for (const { what, at } of noted) {
    const [status, tries, id] = what.split(' ') as [string, string, string];
    const times = starts.get(id) ?? [];
    starts.set(id, times);
    if (status === 'active' && times.length < Number(tries)) times.push(at.getTime());
  }
  return [...starts.values()].flatMap((times) =>
    times.slice(1).flatMap((again, index) => {
      const cause = interruptions.find((time) => time > times[index]! && time < again);
      return cause === undefined ? [] : again - cause;
    }),
  );
}
