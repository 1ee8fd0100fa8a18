import { describe, expect, it } from '@jest/globals';
import type { Database, Transaction } from '@repo/runtime/database';
import type { RunningJob } from '@repo/runtime/queue';
import type { Task } from './task.entity.js';
import type { TaskHandler } from './task-handlers.js';
import type { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

function setup({
  handler,
  unfinished = true,
  away = false,
}: {
  handler: TaskHandler;
  unfinished?: boolean;
  away?: boolean;
}) {
  const outcomes: Pick<Task, 'status' | 'result' | 'error'>[] = [];
  const events: unknown[] = [];
  const tx = {
    emit: async (_event: string, data: unknown) => void events.push(data),
  } as unknown as Transaction;
  const tasks: Partial<TasksRepository> = {
    start: async () => unfinished,
    finish: async (id, outcome) => {
      if (away) throw new Error('Connection terminated');
      outcomes.push(outcome);
      return { id, createdByUserId: 7 } as Task;
    },
  };
  const database = {
    transaction: (work: (tx: Transaction) => Promise<unknown>) => work(tx),
  } as unknown as Database;
  const service = new TasksService(tasks as TasksRepository, { byName: { work: handler } }, database);
  return { service, outcomes, events };
}

function aJob(job: Partial<RunningJob> = {}): RunningJob {
  const { signal } = new AbortController();
  return { id: 'id', name: 'work', data: {}, attempt: 1, lastAttempt: false, signal, ...job };
}

describe('TasksService', () => {
  it('keeps and tells what the handler made', async () => {
    const { service, outcomes, events } = setup({ handler: async () => 'made' });

    await service.run(aJob());

    expect(outcomes).toEqual([{ status: 'completed', result: 'made', error: null }]);
    expect(events).toEqual([{ id: 'id', createdByUserId: 7, status: 'completed' }]);
  });

  it('does not run a task that is finished, cancelled or gone', async () => {
    let ran = false;
    const { service, outcomes } = setup({ handler: async () => ((ran = true), ''), unfinished: false });

    await service.run(aJob());

    expect(ran).toBe(false);
    expect(outcomes).toEqual([]);
  });

  it('leaves a task that failed unfinished until its last try', async () => {
    const { service, outcomes } = setup({ handler: () => Promise.reject(new Error('It broke')) });

    await expect(service.run(aJob())).rejects.toThrow('It broke');
    expect(outcomes).toEqual([]);

    await expect(service.run(aJob({ lastAttempt: true }))).rejects.toThrow('It broke');
    expect(outcomes).toEqual([{ status: 'failed', result: null, error: 'It broke' }]);
  });

  it('keeps a reason of 2,000 characters at most', async () => {
    const { service, outcomes } = setup({ handler: () => Promise.reject(new Error('x'.repeat(5_000))) });

    await expect(service.run(aJob({ lastAttempt: true }))).rejects.toThrow('xxx');

    expect(outcomes[0]!.error).toHaveLength(2_000);
  });

  it('fails a kind of task that it does not know', async () => {
    const { service, outcomes } = setup({ handler: async () => '' });

    await expect(service.run(aJob({ name: 'other', lastAttempt: true }))).rejects.toThrow(
      'There is no task other',
    );

    expect(outcomes).toEqual([{ status: 'failed', result: null, error: 'There is no task other' }]);
  });

  it('fails a handler that goes on after its time', async () => {
    const { service, outcomes } = setup({ handler: () => new Promise(() => undefined) });
    const limit = new AbortController();

    const run = service.run(aJob({ lastAttempt: true, signal: limit.signal }));
    limit.abort(new Error('The time limit is over'));

    await expect(run).rejects.toThrow('The time limit is over');
    expect(outcomes).toEqual([{ status: 'failed', result: null, error: 'The time limit is over' }]);
  });

  it('does not blame a task when its outcome cannot be kept', async () => {
    const { service, outcomes, events } = setup({ handler: async () => 'made', away: true });

    await expect(service.run(aJob({ lastAttempt: true }))).rejects.toThrow('Connection terminated');

    expect(outcomes).toEqual([]);
    expect(events).toEqual([]);
  });
});
