import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@repo/database';
import { Queues } from '@repo/queue';
import { waitFor } from '@repo/testing';
import { PruneTasks } from '../src/jobs/prune-tasks.job.js';
import { SCHEDULES_QUEUE } from '../src/tasks/jobs.js';
import type { RunningTask } from '../src/tasks/running-task.js';
import { TasksService } from '../src/tasks/tasks.service.js';
import { aJob, startWorker, type WorkerApp } from './worker-app.js';

let worker: WorkerApp;

beforeAll(async () => {
  worker = await startWorker(aJob({ name: 'tick', schedule: { cron: '* * * * * *' } }, async () => 'Tock'));
});

afterAll(() => worker.close());

const ticks = () =>
  worker.database.query<{ id: string; status: string }>(`SELECT * FROM jobs.tasks WHERE function = 'tick'`);

describe('a job with a schedule', () => {
  it('has a task for each run, which waits in Postgres for its turn', async () => {
    await waitFor(async () => (await ticks()).length >= 2, { timeoutMs: 10_000 });

    const [tick] = await ticks();
    expect(tick).toMatchObject({ status: 'queued', payload: {}, created_by_user_id: null });
    await worker.queue({ id: tick!.id, name: 'tick', createdByUserId: 0 });
    await waitFor(async () =>
      (await ticks()).some(({ id, status }) => id === tick!.id && status === 'completed'),
    );
  });

  it('has one task of a run that two workers hear of', async () => {
    const { signal } = new AbortController();
    const run = { id: 'repeat:once:1', name: 'once', signal, showProgress: async () => undefined };
    const service = worker.nest.get(TasksService);

    await Promise.all([service.runSchedule(run), service.runSchedule(run)]);
    await service.runSchedule(run);

    expect(await worker.database.query(`SELECT id FROM jobs.tasks WHERE function = 'once'`)).toHaveLength(1);
  });

  it('is known to Redis under its own name', async () => {
    const schedules = await worker.nest
      .get(Queues)
      .of(SCHEDULES_QUEUE)
      .use((bull) => bull.getJobSchedulers());

    expect(schedules.map(({ key }) => key)).toEqual(['tick']);
  });
});

describe('prune_tasks', () => {
  it('deletes tasks that ended longer ago than they are kept, and no others', async () => {
    const [old, fresh, unfinished] = [await worker.aTask(), await worker.aTask(), await worker.aTask()];
    const end = (id: string, days: number) =>
      worker.database.query(
        `UPDATE jobs.tasks SET status = 'completed', finished_at = now() - make_interval(days => $2) WHERE id = $1`,
        [id, days],
      );
    await end(old.id, 31);
    await end(fresh.id, 29);
    const database = worker.nest.get(Database);
    const task = { transaction: database.transaction.bind(database) } as unknown as RunningTask;

    const result = await worker.nest.get(PruneTasks).run({}, task);

    expect(result).toBe('Deleted 1 tasks');
    expect([await worker.row(old), await worker.row(fresh), await worker.row(unfinished)]).toEqual([
      undefined,
      expect.objectContaining({ status: 'completed' }),
      expect.objectContaining({ status: 'queued' }),
    ]);
  });
});
