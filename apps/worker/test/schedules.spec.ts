import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Queues } from '@repo/queue';
import { waitFor } from '@repo/testing';
import { PruneTasks } from '../src/jobs/prune-tasks.job.js';
import { SCHEDULES_QUEUE } from '../src/tasks/jobs.js';
import { TasksService } from '../src/tasks/tasks.service.js';
import { aJob, startWorker, type WorkerApp } from './worker-app.js';

let worker: WorkerApp;

beforeAll(async () => {
  worker = await startWorker(aJob({ name: 'tick', schedule: { cron: '* * * * * *' } }, async () => 'Tock'));
});

afterAll(() => worker.close());

const ticks = () =>
  worker.database.query<{ id: string; status: string }>(`SELECT * FROM jobs.tasks WHERE job = 'tick'`);

describe('a job with a schedule', () => {
  it('creates a queued task at each time of its schedule', async () => {
    await waitFor(async () => (await ticks()).length >= 2, { timeoutMs: 10_000 });

    const [tick] = await ticks();
    expect(tick).toMatchObject({ status: 'queued', payload: {}, created_by_user_id: null });
    await worker.queue({ id: tick!.id, name: 'tick', createdByUserId: 0 });
    await waitFor(async () =>
      (await ticks()).some(({ id, status }) => id === tick!.id && status === 'completed'),
    );
  });

  it('creates one task of a scheduled job that two workers receive', async () => {
    const { signal } = new AbortController();
    const job = { id: 'repeat:once:1', name: 'once', signal, showProgress: async () => undefined };
    const service = worker.nest.get(TasksService);

    await Promise.all([service.runSchedule(job), service.runSchedule(job)]);
    await service.runSchedule(job);

    expect(await worker.database.query(`SELECT id FROM jobs.tasks WHERE job = 'once'`)).toHaveLength(1);
  });

  it('is a schedule in Redis with the name of the job', async () => {
    const schedules = await worker.nest
      .get(Queues)
      .of(SCHEDULES_QUEUE)
      .use((bull) => bull.getJobSchedulers());

    expect(schedules.map(({ key }) => key)).toEqual(['tick']);
  });
});

describe('prune_tasks', () => {
  it('deletes only tasks that ended more than TASK_RETENTION_DAYS ago', async () => {
    const [old, fresh, unfinished] = [await worker.aTask(), await worker.aTask(), await worker.aTask()];
    const end = (id: string, days: number) =>
      worker.database.query(
        `UPDATE jobs.tasks SET status = 'completed', finished_at = now() - make_interval(days => $2) WHERE id = $1`,
        [id, days],
      );
    await end(old.id, 31);
    await end(fresh.id, 29);
    const result = await worker.nest.get(PruneTasks).run();

    expect(result).toBe('Deleted 1 tasks');
    expect([await worker.row(old), await worker.row(fresh), await worker.row(unfinished)]).toEqual([
      undefined,
      expect.objectContaining({ status: 'completed' }),
      expect.objectContaining({ status: 'queued' }),
    ]);
  });
});
