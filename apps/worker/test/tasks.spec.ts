import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLE_TASK, SampleTask, type TaskFinished } from '@repo/contracts';
import { ReplicaBus } from '@repo/messaging';
import type { RunningJob } from '@repo/queue';
import { waitFor } from '@repo/testing';
import type { RunningTask } from '../src/tasks/running-task.js';
import { TasksService } from '../src/tasks/tasks.service.js';
import { aJob, startWorker, type Task, type WorkerApp } from './worker-app.js';

let worker: WorkerApp;
/** The id of the task of each attempt. */
const attempts: string[] = [];
const finished: TaskFinished[] = [];

let together = 0;
let tenAreRunning: () => void;
const tenTogether = new Promise<void>((resolve) => (tenAreRunning = resolve));

const attemptsOf = (id: string) => attempts.filter((attempt) => attempt === id).length;

/** A job that counts its attempts. */
const counted = (name: string, run: (task: RunningTask) => Promise<string | void>, options = {}) =>
  aJob({ name, ...options }, async (_payload, task) => {
    attempts.push(task.id);
    return run(task);
  });

let isolatedTogether = 0;

beforeAll(async () => {
  worker = await startWorker(
    aJob({ name: SAMPLE_TASK, payload: SampleTask }, async ({ message }, { id }) => {
      attempts.push(id);
      return `Task ${message} is complete!`;
    }),
    counted('broken', () => Promise.reject(new Error('It broke')), { backOffSeconds: 0.01 }),
    counted('fragile', () => Promise.reject(new Error('Once is enough')), { attempts: 1 }),
    counted('hanging', () => new Promise(() => undefined), { attempts: 1, timeLimitSeconds: 0.05 }),
    counted('unsteady', async ({ id }) => {
      if (attemptsOf(id) === 1) throw new Error('Not yet');
      return 'In the end';
    }),
    counted('contested', async ({ id }) => {
      await waitFor(() => attemptsOf(id) === 2);
      return 'Done twice';
    }),
    counted('together', async () => {
      if (++together === 10) tenAreRunning();
      await tenTogether;
      return 'Ten together';
    }),
    counted('crashing', async () => {
      isolatedTogether += 1;
      await new Promise((resolve) => setTimeout(resolve, 30));
      const alone = isolatedTogether === 1;
      isolatedTogether -= 1;
      return alone ? 'alone' : 'not alone';
    }),
    counted('halfway', async (task) => {
      await task.progress(42.9);
      await waitFor(() => attemptsOf(`${task.id} may end`));
    }),
    counted('once', async (task) => {
      const done = () => task.once('count', async (tx) => void (await tx.manager.query(COUNT, [task.id])));
      if (attemptsOf(task.id) === 1) {
        await done();
        throw new Error('After the effect');
      }
      return String(await done());
    }),
    counted(
      'late',
      async (task) => {
        await task.transaction(async (tx) => {
          await tx.manager.query(COUNT, [task.id]);
          await new Promise((resolve) => task.signal.addEventListener('abort', resolve));
        });
      },
      { attempts: 1, timeLimitSeconds: 0.2 },
    ),
    counted('mail.welcome', async () => 'Sent'),
  );
  await worker.database.query('CREATE TABLE jobs.effects (task_id uuid)');
  await worker.database.query('GRANT ALL ON jobs.effects TO worker');
  worker.nest.get(ReplicaBus).listen<{ data: TaskFinished }>('event.task.finished', {
    onMessage: ({ data }) => void finished.push(data),
  });
});

afterAll(() => worker.close());

const COUNT = 'INSERT INTO jobs.effects (task_id) VALUES ($1)';
const effectsOf = ({ id }: Task) =>
  worker.database.query('SELECT task_id FROM jobs.effects WHERE task_id = $1', [id]);
const statusOf = async (task: Task) => (await worker.row(task)).status;
const HELLO = { payload: { message: 'hello' } };

describe('a task in the queue', () => {
  it('is executed, its result is saved, and task.finished is published', async () => {
    const task = await worker.aTask(HELLO);

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({
      attempts: 1,
      progress: 100,
      result: 'Task hello is complete!',
      error: null,
      started_at: expect.any(Date),
      finished_at: expect.any(Date),
    });
    const { id, createdByUserId } = task;
    await waitFor(() => finished.some((event) => event.id === id));
    expect(finished).toContainEqual({ id, createdByUserId, status: 'completed' });
  });

  it('completes when a second attempt succeeds', async () => {
    const task = await worker.aTask({ name: 'unsteady' });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({ attempts: 2, result: 'In the end', error: null });
  });

  it('fails with the reason after three failed attempts', async () => {
    const task = await worker.aTask({ name: 'broken' });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'failed', { timeoutMs: 10_000 });
    expect(await worker.row(task)).toMatchObject({
      attempts: 3,
      failures: 3,
      result: null,
      error: 'It broke',
      finished_at: expect.any(Date),
    });
    expect(attemptsOf(task.id)).toBe(3);
    const { id, createdByUserId } = task;
    await waitFor(() => finished.some((event) => event.id === id));
    expect(finished).toContainEqual({ id, createdByUserId, status: 'failed' });
  });

  it.each(['cancelled', 'completed', 'failed'] as const)('is not executed when it is %s', async (status) => {
    const task = await worker.aTask({ status, ...HELLO });
    const later = await worker.aTask(HELLO);

    await worker.queue(task);
    await worker.queue(later);

    await waitFor(async () => (await worker.row(later)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({ status, attempts: 0, result: null });
    expect(attemptsOf(task.id)).toBe(0);
  });

  it('is executed once when it is queued again after its end', async () => {
    const task = await worker.aTask(HELLO);
    const later = await worker.aTask(HELLO);
    await worker.queue(task);
    await waitFor(async () => (await worker.row(task)).status === 'completed');
    const first = await worker.row(task);

    await worker.queue(task);
    await worker.queue(later);

    await waitFor(async () => (await worker.row(later)).status === 'completed');
    expect(await worker.row(task)).toEqual(first);
    expect(attemptsOf(task.id)).toBe(1);
    expect(finished.filter(({ id }) => id === task.id)).toHaveLength(1);
  });

  it('ends once when two workers execute it at the same time', async () => {
    const { id, name } = await worker.aTask({ name: 'contested' });
    const { signal } = new AbortController();
    const job: RunningJob = { id, name, signal, showProgress: async () => undefined };
    const service = worker.nest.get(TasksService);

    await Promise.all([service.run(job), service.run(job)]);

    expect(attemptsOf(id)).toBe(2);
    await waitFor(() => finished.some((event) => event.id === id));
    expect(finished.filter((event) => event.id === id)).toHaveLength(1);
  });

  it('is executed again after its worker died', async () => {
    const task = await worker.aTask({ status: 'active', attempts: 1, ...HELLO });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'completed');
    expect(attemptsOf(task.id)).toBe(1);
  });

  it('is executed together with nine others', async () => {
    const tasks: Task[] = [];
    for (let i = 0; i < 10; i++) tasks.push(await worker.aTask({ name: 'together' }));

    for (const task of tasks) await worker.queue(task);

    await waitFor(async () => (await worker.row(tasks[9]!)).status === 'completed');
    expect(together).toBe(10);
  });

  it('is in a queue of its own when the name of its job has a dot', async () => {
    const task = await worker.aTask({ name: 'mail.welcome' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'completed');
    expect((await worker.row(task)).result).toBe('Sent');
  });

  it('fails after the number of attempts of its job', async () => {
    const task = await worker.aTask({ name: 'fragile' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect(await worker.row(task)).toMatchObject({ attempts: 1, error: 'Once is enough' });
  });

  it('fails at the time limit of its job when the job hangs', async () => {
    const task = await worker.aTask({ name: 'hanging' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect((await worker.row(task)).error).toBe('The time limit of 50 ms is over');
  });

  it('fails at the first attempt, with the names of the fields, when its payload is invalid', async () => {
    const task = await worker.aTask({ payload: { message: 7, more: true } });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect(await worker.row(task)).toMatchObject({
      attempts: 1,
      error:
        'The payload is not valid. more: Extra inputs are not permitted; message: Input should be a valid string',
    });
    expect(attemptsOf(task.id)).toBe(0);
  });

  it('saves its progress', async () => {
    const task = await worker.aTask({ name: 'halfway' });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).progress === 42);
    attempts.push(`${task.id} may end`);
    await waitFor(async () => (await worker.row(task)).progress === 100);
  });
});

describe('the effects of a task', () => {
  it('are applied once by task.once, when another attempt follows', async () => {
    const task = await worker.aTask({ name: 'once' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'completed', { timeoutMs: 10_000 });
    expect(await worker.row(task)).toMatchObject({ attempts: 2, result: 'false' });
    expect(await effectsOf(task)).toHaveLength(1);
  });

  it('are rolled back by task.transaction when the time limit is over before the commit', async () => {
    const task = await worker.aTask({ name: 'late' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect(await effectsOf(task)).toEqual([]);
  });
});

describe('a task whose process died during an attempt', () => {
  it.each([
    ['three crashes', { attempts: 3 }],
    ['fifty interruptions', { attempts: 50, interruptions: 50 }],
  ])('is executed after %s', async (_, counts) => {
    const task = await worker.aTask({ status: 'active', ...counts, ...HELLO });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'completed');
  });

  it('fails with the reason after eight crashes', async () => {
    const task = await worker.aTask({ status: 'active', attempts: 8, ...HELLO });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect((await worker.row(task)).error).toBe('Its process died 8 times while it ran');
    expect(attemptsOf(task.id)).toBe(0);
  });

  it('is executed alone after the third crash', async () => {
    const tasks: Task[] = [];
    for (let i = 0; i < 4; i++)
      tasks.push(await worker.aTask({ name: 'crashing', status: 'active', attempts: 3 }));

    for (const task of tasks) await worker.queue(task);

    for (const task of tasks) await waitFor(async () => (await worker.row(task)).result === 'alone');
  });
});
