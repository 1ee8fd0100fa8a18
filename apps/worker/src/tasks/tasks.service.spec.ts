import { describe, expect, it } from '@jest/globals';
import type { Database } from '@repo/database';
import type { Inbox } from '@repo/messaging';
import { RetryLater, WorkerStopping, type RunningJob } from '@repo/queue';
import { Job, type JobHandler } from './job.decorator.js';
import { Jobs } from './jobs.js';
import type { StartedTask, TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

function setup({
  run = async () => 'done',
  stored = {},
  databaseFails = false,
}: {
  run?: JobHandler['run'];
  stored?: Partial<StartedTask> | null;
  databaseFails?: boolean;
}) {
  @Job({ name: 'work' })
  class Work implements JobHandler {
    readonly run = run;
  }
  const task = {
    id: 'id',
    job: 'work',
    payload: {},
    createdByUserId: null,
    attempts: 0,
    failures: 0,
    interruptions: 0,
    ...stored,
  };
  const ends: unknown[] = [];
  const counted: string[] = [];
  const tasks: Partial<TasksRepository> = {
    isUnfinished: async () => stored !== null,
    start: async (_id, maxCrashes = Infinity) => {
      const { attempts, failures, interruptions } = task;
      const starts = stored && attempts - failures - interruptions < maxCrashes;
      return starts ? { ...task, attempts: attempts + 1 } : undefined;
    },
    increment: async (_id, counter) => void counted.push(counter),
    finish: async (_id, end) => {
      if (databaseFails) throw new Error('Connection terminated');
      ends.push(end);
    },
  };
  const service = new TasksService(
    tasks as TasksRepository,
    new Jobs([new Work()]),
    undefined as unknown as Database,
    undefined as unknown as Inbox,
  );
  return { service, ends, counted };
}

function aJob(signal = new AbortController().signal): RunningJob {
  return { id: 'id', name: 'work', signal, showProgress: async () => undefined };
}

const broken = () => Promise.reject(new Error('It broke'));

describe('TasksService', () => {
  it('saves the result of the job', async () => {
    const { service, ends } = setup({});

    await service.run(aJob());

    expect(ends).toEqual([{ status: 'completed', result: 'done', error: null, progress: 100 }]);
  });

  it('does not execute a task that is finished, cancelled or deleted', async () => {
    let ran = false;
    const { service, ends } = setup({ run: async () => void (ran = true), stored: null });

    await service.run(aJob());

    expect(ran).toBe(false);
    expect(ends).toEqual([]);
  });

  it('fails a task after its last attempt, and throws RetryLater before it', async () => {
    const first = setup({ run: broken });
    const last = setup({ run: broken, stored: { failures: 2 } });

    const again = await first.service.run(aJob()).catch((error: unknown) => error);
    await last.service.run(aJob());

    expect(again).toBeInstanceOf(RetryLater);
    expect((again as RetryLater).inMs).toBeGreaterThanOrEqual(500);
    expect(first.ends).toEqual([]);
    expect(last.ends).toEqual([{ status: 'failed', result: null, error: 'It broke' }]);
    expect([first.counted, last.counted]).toEqual([['failures'], ['failures']]);
  });

  it('saves at most 2,000 characters of an error', async () => {
    const run = () => Promise.reject(new Error('x'.repeat(5_000)));
    const { service, ends } = setup({ run, stored: { failures: 2 } });

    await service.run(aJob());

    expect(ends).toEqual([expect.objectContaining({ error: 'x'.repeat(2_000) })]);
  });

  it('fails a task of an unknown job after 8 attempts', async () => {
    const first = setup({ stored: { job: 'other', failures: 3 } });
    const last = setup({ stored: { job: 'other', failures: 7 } });

    await expect(first.service.run(aJob())).rejects.toBeInstanceOf(RetryLater);
    await last.service.run(aJob());

    expect(last.ends).toEqual([{ status: 'failed', result: null, error: 'There is no job other' }]);
  });

  it('fails a task whose process died eight times, without executing it', async () => {
    let ran = false;
    const { service, ends } = setup({ run: async () => void (ran = true), stored: { attempts: 8 } });

    await service.run(aJob());

    expect(ran).toBe(false);
    expect(ends).toEqual([
      { status: 'failed', result: null, error: 'Its process died 8 times while it ran' },
    ]);
  });

  it('executes tasks whose process died often one after another', async () => {
    let running = 0;
    const run = async () => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return 'done';
    };
    const { service, ends } = setup({ run, stored: { attempts: 3 } });

    await Promise.all([service.run(aJob()), service.run(aJob())]);

    expect(ends).toHaveLength(2);
  });

  it('counts an interruption, not a failure, when the worker stops during a task', async () => {
    const { service, ends, counted } = setup({ run: () => new Promise(() => undefined) });
    const stop = new AbortController();

    const run = service.run(aJob(stop.signal));
    stop.abort(new WorkerStopping());

    await expect(run).rejects.toMatchObject({ inMs: 0 });
    expect(counted).toEqual(['interruptions']);
    expect(ends).toEqual([]);
  });

  it('counts no failure when the result cannot be saved', async () => {
    const { service, counted } = setup({ databaseFails: true });

    await expect(service.run(aJob())).rejects.toThrow('Connection terminated');

    expect(counted).toEqual([]);
  });
});
