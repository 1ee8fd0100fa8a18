import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLE_TASK, TASKS_QUEUE } from '@repo/contracts';
import { type RequestContext, requestContext } from '@repo/core';
import { QueueWorker, type RunningJob } from '@repo/queue';
import { redisConnection } from '@repo/redis';
import { waitFor } from '@repo/testing';
import { TaskDispatcher } from '../src/tasks/task-dispatcher.js';
import { aCaller, anAddress, type JobsApp, startJobs, taskPath } from './jobs-app.js';

let app: JobsApp;
let worker: QueueWorker;
const arrived: Pick<RunningJob, 'id' | 'name'>[] = [];
const contexts = new Map<string, RequestContext | undefined>();

beforeAll(async () => {
  app = await startJobs();
  // Takes jobs from the queue and leaves their tasks unfinished.
  const handle = async ({ id, name }: RunningJob) => {
    arrived.push({ id, name });
    contexts.set(id, requestContext());
  };
  worker = new QueueWorker(TASKS_QUEUE, handle, {
    connection: redisConnection('QUEUE', app.config),
    concurrency: 5,
    timeLimitMs: () => 1_000,
  });
});

afterAll(async () => {
  await worker?.close(1_000);
  await app?.close();
});

const arrivals = (id: string) => arrived.filter((job) => job.id === id);

/** Waits for a second delivery. The queue accepts a task again only after its first job has ended. */
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

describe('a created task', () => {
  it('is in the queue under its own id', async () => {
    const id = await app.aTask(aCaller());

    await waitFor(() => arrivals(id).length > 0);

    expect(arrivals(id)).toEqual([{ id, name: SAMPLE_TASK }]);
  });

  it('is executed with the request id and the trace of the request that created it', async () => {
    const headers = {
      'X-Forwarded-For': anAddress(),
      'X-Request-Id': 'request-of-a-task',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    };

    const { body } = await app.api(`POST ${taskPath('hello')}`, { headers });

    await waitFor(() => contexts.has(body.id));
    expect(contexts.get(body.id)).toMatchObject({
      requestId: 'request-of-a-task',
      traceparent: headers.traceparent,
      jobId: body.id,
    });
  });

  it.each(['queued', 'active'])('is added again when the queue lost it while it was %s', async (status) => {
    const id = await app.aTask(aCaller());
    await waitFor(() => arrivals(id).length === 1);
    await app.database.query('UPDATE jobs.tasks SET status = $2 WHERE id = $1', [id, status]);

    await arrivesAgain(id);

    expect(arrivals(id)[1]).toEqual(arrivals(id)[0]);
  });

  it.each(['completed', 'failed', 'cancelled'])('is not added again when it is %s', async (status) => {
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
