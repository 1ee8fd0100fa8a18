import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLE_TASK, SampleTask, type TaskFinished } from '@repo/contracts';
import { ReplicaBus } from '@repo/messaging';
import type { RunningJob } from '@repo/queue';
import { waitFor } from '@repo/testing';
import type { RunningTask } from '../src/tasks/running-task.js';
import { TasksService } from '../src/tasks/tasks.service.js';
import { aJob, startWorker, type Task, type WorkerApp } from './worker-app.js';

let worker: WorkerApp;
/** The ids of tasks whose job was called, once for each call. */
const runs: string[] = [];
const finished: TaskFinished[] = [];

let together = 0;
let allAreThere: () => void;
const tenTogether = new Promise<void>((resolve) => (allAreThere = resolve));

const runsOf = (id: string) => runs.filter((run) => run === id).length;

/** A job that counts its runs, and its name. */
const counted = (name: string, run: (task: RunningTask) => Promise<string | void>, options = {}) =>
  aJob({ name, ...options }, async (_payload, task) => {
    runs.push(task.id);
    return run(task);
  });

let innocentsTogether = 0;

beforeAll(async () => {
  worker = await startWorker(
    aJob({ name: SAMPLE_TASK, payload: SampleTask }, async ({ message }, { id }) => {
      runs.push(id);
      return `Task ${message} is complete!`;
    }),
    counted('broken', () => Promise.reject(new Error('It broke')), { backOffSeconds: 0.01 }),
    counted('fragile', () => Promise.reject(new Error('Once is enough')), { attempts: 1 }),
    counted('hanging', () => new Promise(() => undefined), { attempts: 1, timeLimitSeconds: 0.05 }),
    counted('unsteady', async ({ id }) => {
      if (runsOf(id) === 1) throw new Error('Not yet');
      return 'In the end';
    }),
    counted('contested', async ({ id }) => {
      await waitFor(() => runsOf(id) === 2);
      return 'Done twice';
    }),
    counted('together', async () => {
      if (++together === 10) allAreThere();
      await tenTogether;
      return 'Ten at once';
    }),
    counted('suspect', async () => {
      innocentsTogether += 1;
      await new Promise((resolve) => setTimeout(resolve, 30));
      const alone = innocentsTogether === 1;
      innocentsTogether -= 1;
      return alone ? 'alone' : 'in company';
    }),
    counted('halfway', async (task) => {
      await task.progress(42.9);
      await waitFor(() => runsOf(`${task.id} may end`));
    }),
    counted('once', async (task) => {
      const done = () => task.once('count', async (tx) => void (await tx.manager.query(COUNT, [task.id])));
      if (runsOf(task.id) === 1) {
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
  it('is run, and its result is kept and told', async () => {
    const task = await worker.aTask(HELLO);

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({
      tries: 1,
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

  it('is tried again when its handler fails, and completes when that succeeds', async () => {
    const task = await worker.aTask({ name: 'unsteady' });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({ tries: 2, result: 'In the end', error: null });
  });

  it('ends as failed, with its reason, when three tries are spent', async () => {
    const task = await worker.aTask({ name: 'broken' });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).status === 'failed', { timeoutMs: 10_000 });
    expect(await worker.row(task)).toMatchObject({
      tries: 3,
      failures: 3,
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
    const task = await worker.aTask({ status, ...HELLO });
    const later = await worker.aTask(HELLO);

    await worker.queue(task);
    await worker.queue(later);

    await waitFor(async () => (await worker.row(later)).status === 'completed');
    expect(await worker.row(task)).toMatchObject({ status, tries: 0, result: null });
    expect(runsOf(task.id)).toBe(0);
  });

  it('is applied once when it is delivered twice', async () => {
    const task = await worker.aTask(HELLO);
    const later = await worker.aTask(HELLO);
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
    const { id, name } = await worker.aTask({ name: 'contested' });
    const { signal } = new AbortController();
    const job: RunningJob = { id, name, signal, showProgress: async () => undefined };
    const service = worker.nest.get(TasksService);

    await Promise.all([service.run(job), service.run(job)]);

    expect(runsOf(id)).toBe(2);
    await waitFor(() => finished.some((event) => event.id === id));
    expect(finished.filter((event) => event.id === id)).toHaveLength(1);
  });

  it('is taken up again after the worker that ran it died', async () => {
    const task = await worker.aTask({ status: 'active', tries: 1, ...HELLO });

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

  it('waits in a queue of its own when the name of its job says so', async () => {
    const task = await worker.aTask({ name: 'mail.welcome' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'completed');
    expect((await worker.row(task)).result).toBe('Sent');
  });

  it('has as many tries as its job says', async () => {
    const task = await worker.aTask({ name: 'fragile' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect(await worker.row(task)).toMatchObject({ tries: 1, error: 'Once is enough' });
  });

  it('ends as failed when it hangs, at the time limit of its job', async () => {
    const task = await worker.aTask({ name: 'hanging' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect((await worker.row(task)).error).toBe('The time limit of 50 ms is over');
  });

  it('ends as failed at once when its payload breaks the rules, and says how', async () => {
    const task = await worker.aTask({ payload: { message: 7, more: true } });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect(await worker.row(task)).toMatchObject({
      tries: 1,
      error:
        'The payload is not valid. more: Extra inputs are not permitted; message: Input should be a valid string',
    });
    expect(runsOf(task.id)).toBe(0);
  });

  it('shows how far it has come', async () => {
    const task = await worker.aTask({ name: 'halfway' });

    await worker.queue(task);

    await waitFor(async () => (await worker.row(task)).progress === 42);
    runs.push(`${task.id} may end`);
    await waitFor(async () => (await worker.row(task)).progress === 100);
  });
});

describe('the effect of a task', () => {
  it('is there once, though the task ran again after it', async () => {
    const task = await worker.aTask({ name: 'once' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'completed', { timeoutMs: 10_000 });
    expect(await worker.row(task)).toMatchObject({ tries: 2, result: 'false' });
    expect(await effectsOf(task)).toHaveLength(1);
  });

  it('is not there when the time limit was over before its commit', async () => {
    const task = await worker.aTask({ name: 'late' });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect(await effectsOf(task)).toEqual([]);
  });
});

describe('a task whose process died while it ran', () => {
  it.each([
    ['three deploys that killed it', { tries: 3 }],
    ['many deploys that handed it back', { tries: 50, interruptions: 50 }],
  ])('still runs after %s', async (_, counts) => {
    const task = await worker.aTask({ status: 'active', ...counts, ...HELLO });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'completed');
  });

  it('ends as failed, with its reason, when that happens again and again', async () => {
    const task = await worker.aTask({ status: 'active', tries: 8, ...HELLO });

    await worker.queue(task);

    await waitFor(async () => (await statusOf(task)) === 'failed');
    expect((await worker.row(task)).error).toBe('Its process died 8 times while it ran');
    expect(runsOf(task.id)).toBe(0);
  });

  it('is run alone from the third time on, so that the one that kills takes no other along', async () => {
    const tasks: Task[] = [];
    for (let i = 0; i < 4; i++)
      tasks.push(await worker.aTask({ name: 'suspect', status: 'active', tries: 3 }));

    for (const task of tasks) await worker.queue(task);

    for (const task of tasks) await waitFor(async () => (await worker.row(task)).result === 'alone');
  });
});
