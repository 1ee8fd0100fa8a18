import { describe, expect, it } from '@jest/globals';
import type { Database, Transaction } from '@repo/database';
import type { Inbox } from '@repo/messaging';
import { RetryLater, WorkerStopping, type RunningJob } from '@repo/queue';
import { Job, type JobHandler } from './job.decorator.js';
import { Jobs } from './jobs.js';
import type { Task } from './task.entity.js';
import type { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

function setup({
  run = async () => 'made',
  stored = {},
  away = false,
}: {
  run?: JobHandler['run'];
  stored?: Partial<Task> | null;
  away?: boolean;
}) {
  @Job({ name: 'work' })
  class Work implements JobHandler {
    readonly run = run;
  }
  const task = {
    id: 'id',
    function: 'work',
    payload: {},
    tries: 0,
    failures: 0,
    interruptions: 0,
    ...stored,
  };
  const outcomes: unknown[] = [];
  const counted: string[] = [];
  const tx = { emit: async () => undefined } as unknown as Transaction;
  const tasks: Partial<TasksRepository> = {
    findUnfinished: async () => (stored ? (task as Task) : null),
    start: async () => true,
    count: async (_id, end) => void counted.push(end),
    finish: async (_id, outcome) => {
      if (away) throw new Error('Connection terminated');
      outcomes.push(outcome);
      return true;
    },
  };
  const database = {
    transaction: (work: (tx: Transaction) => Promise<unknown>) => work(tx),
  } as unknown as Database;
  const service = new TasksService(
    tasks as TasksRepository,
    new Jobs([new Work()]),
    database,
    undefined as unknown as Inbox,
  );
  return { service, outcomes, counted };
}

function aJob(signal = new AbortController().signal): RunningJob {
  return { id: 'id', name: 'work', signal, showProgress: async () => undefined };
}

const broken = () => Promise.reject(new Error('It broke'));

describe('TasksService', () => {
  it('keeps what the job made', async () => {
    const { service, outcomes } = setup({});

    await service.run(aJob());

    expect(outcomes).toEqual([{ status: 'completed', result: 'made', error: null, progress: 100 }]);
  });

  it('does not run a task that is finished, cancelled or gone', async () => {
    let ran = false;
    const { service, outcomes } = setup({ run: async () => void (ran = true), stored: null });

    await service.run(aJob());

    expect(ran).toBe(false);
    expect(outcomes).toEqual([]);
  });

  it('leaves a task that failed unfinished until its last try', async () => {
    const first = setup({ run: broken });
    const last = setup({ run: broken, stored: { failures: 2 } });

    const again = await first.service.run(aJob()).catch((error: unknown) => error);
    await last.service.run(aJob());

    expect(again).toBeInstanceOf(RetryLater);
    expect((again as RetryLater).inMs).toBeGreaterThanOrEqual(500);
    expect(first.outcomes).toEqual([]);
    expect(last.outcomes).toEqual([{ status: 'failed', result: null, error: 'It broke' }]);
    expect([first.counted, last.counted]).toEqual([['failures'], ['failures']]);
  });

  it('keeps a reason of 2,000 characters at most', async () => {
    const run = () => Promise.reject(new Error('x'.repeat(5_000)));
    const { service, outcomes } = setup({ run, stored: { failures: 2 } });

    await service.run(aJob());

    expect(outcomes).toEqual([expect.objectContaining({ error: 'x'.repeat(2_000) })]);
  });

  it('gives a job that it does not know a while: a newer worker may', async () => {
    const first = setup({ stored: { function: 'other', failures: 3 } });
    const last = setup({ stored: { function: 'other', failures: 7 } });

    await expect(first.service.run(aJob())).rejects.toBeInstanceOf(RetryLater);
    await last.service.run(aJob());

    expect(last.outcomes).toEqual([{ status: 'failed', result: null, error: 'There is no job other' }]);
  });

  it('hands a task back that does not end before the worker stops, and does not count it as a failure', async () => {
    const { service, outcomes, counted } = setup({ run: () => new Promise(() => undefined) });
    const stop = new AbortController();

    const run = service.run(aJob(stop.signal));
    stop.abort(new WorkerStopping());

    await expect(run).rejects.toMatchObject({ inMs: 0 });
    expect(counted).toEqual(['interruptions']);
    expect(outcomes).toEqual([]);
  });

  it('does not blame a task when its outcome cannot be kept', async () => {
    const { service, counted } = setup({ away: true });

    await expect(service.run(aJob())).rejects.toThrow('Connection terminated');

    expect(counted).toEqual([]);
  });
});
