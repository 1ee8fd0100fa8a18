import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLE_TASK, type SampleTask, type TaskFinished } from '@repo/contracts';
import { ReplicaBus } from '@repo/runtime/messaging';
import { waitFor } from '@repo/runtime/testing';
import { sampleBackgroundTask } from '../src/tasks/sample-background-task.js';
import { TasksService } from '../src/tasks/tasks.service.js';
import { startWorker, type Task, type WorkerApp } from './worker-app.js';

let worker: WorkerApp;
/** The ids of tasks whose handler was called, once for each call. */
const runs: string[] = [];
const finished: TaskFinished[] = [];

let together = 0;
let allAreThere: () => void;
const tenTogether = new Promise<void>((resolve) => (allAreThere = resolve));

const runsOf = (id: string) => runs.filter((run) => run === id).length;
const recorded = (data: unknown) => void runs.push((data as SampleTask).taskId);

beforeAll(async () => {
  worker = await startWorker({
    [SAMPLE_TASK]: async (data, signal) => {
      recorded(data);
      return sampleBackgroundTask(20)(data, signal);
    },
    broken: async (data) => {
      recorded(data);
      throw new Error('It broke');
    },
    unsteady: async (data) => {
      recorded(data);
      if (runsOf((data as SampleTask).taskId) === 1) throw new Error('Not yet');
      return 'In the end';
    },
    contested: async (data) => {
      recorded(data);
      await waitFor(() => runsOf((data as SampleTask).taskId) === 2);
      return 'Done twice';
    },
    together: async () => {
      if (++together === 10) allAreThere();
      await tenTogether;
      return 'Ten at once';
    },
  });
  worker.nest.get(ReplicaBus).listen<{ data: TaskFinished }>('event.task.finished', {
    onMessage: ({ data }) => void finished.push(data),
  });
});

afterAll(() => worker.close());

describe('a task in the queue', () => {
  it('is run, and its result is kept and told', async () => {
    const task = await worker.aTask();

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({
      tries: 1,
      result: 'Task hello is complete!',
      error: null,
      started_at: expect.any(Date),
      finished_at: expect.any(Date),
    });
    const { id, createdByUserId } = task;
    await waitFor(() => finished.some((event) => event.id === id));
    expect(finished).toContainEqual({ id, createdByUserId, status: 'completed' });
  });

  it('is tried again when its handler fails, and completes when that succeeds', async () => {
    const task = await worker.aTask({ name: 'unsteady' });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({ tries: 2, result: 'In the end', error: null });
  });

  it('ends as failed, with its reason, when three tries are spent', async () => {
    const task = await worker.aTask({ name: 'broken' });

    await worker.queue(task);

    await waitFor(() => runsOf(task.id) === 1);
    expect(await worker.row(task)).toMatchObject({ status: 'active', finished_at: null });
    await waitFor(async () => (await worker.row(task)).status === 'failed', { timeoutMs: 10_000 });
    expect(await worker.row(task)).toMatchObject({
      tries: 3,
      result: null,
      error: 'It broke',
      finished_at: expect.any(Date),
    });
    expect(runsOf(task.id)).toBe(3);
    const { id, createdByUserId } = task;
    await waitFor(() => finished.some((event) => event.id === id));
    expect(finished).toContainEqual({ id, createdByUserId, status: 'failed' });
  });

  it.each(['cancelled', 'completed', 'failed'] as const)('is not run when it is %s', async (status) => {
    const task = await worker.aTask({ status });
    const later = await worker.aTask();

    await worker.queue(task);
    await worker.queue(later);

    await waitFor(async () => (await worker.row(later)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({ status, tries: 0, result: null });
    expect(runsOf(task.id)).toBe(0);
  });

  it('is applied once when it is delivered twice', async () => {
    const task = await worker.aTask();
    const later = await worker.aTask();
    await worker.queue(task);
    await waitFor(async () => (await worker.row(task)).status === 'completed');
    const first = await worker.row(task);

    await worker.queue(task);
    await worker.queue(later);

    await waitFor(async () => (await worker.row(later)).status === 'completed');
    expect(await worker.row(task)).toEqual(first);
    expect(runsOf(task.id)).toBe(1);
    expect(finished.filter(({ id }) => id === task.id)).toHaveLength(1);
  });

  it('is applied once when two workers run it at the same time', async () => {
    const { id, name, message } = await worker.aTask({ name: 'contested' });
    const { signal } = new AbortController();
    const job = { id, name, data: { taskId: id, message }, attempt: 1, lastAttempt: false, signal };
    const service = worker.nest.get(TasksService);

    await Promise.all([service.run(job), service.run(job)]);

    expect(runsOf(id)).toBe(2);
    await waitFor(() => finished.some((event) => event.id === id));
    expect(finished.filter((event) => event.id === id)).toHaveLength(1);
  });

  it('is taken up again after the worker that ran it died', async () => {
    const task = await worker.aTask({ status: 'active' });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'completed');
    expect(runsOf(task.id)).toBe(1);
  });

  it('runs beside nine others', async () => {
    const tasks: Task[] = [];
    for (let i = 0; i < 10; i++) tasks.push(await worker.aTask({ name: 'together' }));

    for (const task of tasks) await worker.queue(task);

    await waitFor(async () => (await worker.row(tasks[9]!)).status === 'completed');
    expect(together).toBe(10);
  });
});
