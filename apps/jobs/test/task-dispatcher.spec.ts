import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLE_TASK, TASKS_QUEUE } from '@repo/contracts';
import { QueueWorker, type RunningJob } from '@repo/runtime/queue';
import { waitFor } from '@repo/runtime/testing';
import { config } from '../src/app.config.js';
import { TaskDispatcher } from '../src/tasks/task-dispatcher.js';
import { aCaller, type JobsApp, startJobs } from './jobs-app.js';

let app: JobsApp;
let worker: QueueWorker;
const arrived: Pick<RunningJob, 'id' | 'name'>[] = [];

beforeAll(async () => {
  app = await startJobs();
  // Jobs that arrive here are gone from the queue, and their tasks are left unfinished.
  worker = new QueueWorker(TASKS_QUEUE, async ({ id, name }) => void arrived.push({ id, name }), {
    connection: { host: config.REDIS_QUEUE_HOST, port: config.REDIS_QUEUE_PORT },
    concurrency: 5,
    timeLimitMs: () => 1_000,
  });
});

afterAll(async () => {
  await worker?.close(1_000);
  await app?.close();
});

const arrivals = (id: string) => arrived.filter((job) => job.id === id);

/** Waits until the queue has had the task a second time; as long as it still has the first, it takes no other. */
async function arrivesAgain(id: string): Promise<void> {
  await waitFor(async () => {
    await app.database.query(
      `UPDATE jobs.tasks SET dispatch_at = now() - interval '1 second' WHERE id = $1`,
      [id],
    );
    app.nest.get(TaskDispatcher).wake();
    return arrivals(id).length > 1;
  });
}

describe('a task that was accepted', () => {
  it('is in the queue under its own id', async () => {
    const id = await app.aTask(aCaller());

    await waitFor(() => arrivals(id).length > 0);

    expect(arrivals(id)).toEqual([{ id, name: SAMPLE_TASK }]);
  });

  it.each(['queued', 'active'])(
    'is put there again when the queue lost it while it was %s',
    async (status) => {
      const id = await app.aTask(aCaller());
      await waitFor(() => arrivals(id).length === 1);
      await app.database.query('UPDATE jobs.tasks SET status = $2 WHERE id = $1', [id, status]);

      await arrivesAgain(id);

      expect(arrivals(id)[1]).toEqual(arrivals(id)[0]);
    },
  );

  it.each(['completed', 'failed', 'cancelled'])('is not put there again once it is %s', async (status) => {
    const id = await app.aTask(aCaller());
    const unfinished = await app.aTask(aCaller());
    await waitFor(() => arrivals(id).length === 1 && arrivals(unfinished).length === 1);
    await app.database.query(
      `UPDATE jobs.tasks SET status = $2, dispatch_at = now() - interval '1 second' WHERE id = $1`,
      [id, status],
    );

    await arrivesAgain(unfinished);

    expect(arrivals(id)).toHaveLength(1);
  });
});
