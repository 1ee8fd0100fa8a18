import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { UnavailableError } from '@repo/core';
import type { Queue, QueuedJob, Queues } from '@repo/queue';
import { waitFor } from '@repo/testing';
import { TaskDispatcher } from './task-dispatcher.js';
import type { TasksRepository } from './tasks.repository.js';

Logger.overrideLogger(false);

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

function setup({ due = [], refuses }: { due?: string[][]; refuses?: string }) {
  const batches = [...due];
  const queued: (QueuedJob & { queue: string })[] = [];
  const postponed: string[] = [];
  const tasks: Partial<TasksRepository> = {
    takeDue: async () =>
      (batches.shift() ?? []).map((id) => ({ id, job: `${id}.work`, priority: 'normal', origin: null })),
    postpone: async (ids) => void postponed.push(...ids),
  };
  const queues: Partial<Queues> = {
    of: (queue): Queue =>
      ({
        addAll: async (jobs: QueuedJob[]) => {
          if (refuses === queue) throw new UnavailableError();
          queued.push(...jobs.map((job) => ({ ...job, queue })));
        },
      }) as Queue,
  };
  const dispatcher = new TaskDispatcher(tasks as TasksRepository, queues as Queues);
  stop = () => dispatcher.onApplicationShutdown();
  return { dispatcher, queued, postponed, batches };
}

describe('TaskDispatcher', () => {
  it('adds due tasks to their queues at start', async () => {
    const { dispatcher, queued } = setup({ due: [['a', 'b']] });

    dispatcher.onApplicationBootstrap();

    await waitFor(() => queued.length === 2);
    expect(queued).toEqual([
      { id: 'a', name: 'a.work', priority: 'normal', origin: null, queue: 'a' },
      { id: 'b', name: 'b.work', priority: 'normal', origin: null, queue: 'b' },
    ]);
  });

  it('adds a new task without reading the table', async () => {
    const { dispatcher, queued, batches } = setup({ due: [['a']] });

    dispatcher.add({ id: 'b', job: 'b.work', priority: 'high', origin: null });

    await waitFor(() => queued.length === 1);
    expect(queued).toMatchObject([{ id: 'b', name: 'b.work', priority: 'high' }]);
    expect(batches).toHaveLength(1);
  });

  it('postpones a new task that its queue refuses', async () => {
    const { dispatcher, postponed } = setup({ refuses: 'a' });

    dispatcher.add({ id: 'a', job: 'a.work', priority: 'normal', origin: null });

    await waitFor(() => postponed.length === 1);
    expect(postponed).toEqual(['a']);
  });

  it('continues immediately while a batch is full', async () => {
    const full = Array.from({ length: 200 }, (_, i) => `task ${i}`);
    const { dispatcher, queued } = setup({ due: [full, full, ['last']] });

    dispatcher.wake();

    await waitFor(() => queued.length === 401);
    expect(queued.at(-1)!.id).toBe('last');
  });

  it('postpones the tasks of a queue that refuses them, and fills the other queues', async () => {
    const { dispatcher, queued, postponed } = setup({ due: [['a', 'b']], refuses: 'a' });

    dispatcher.wake();

    await waitFor(() => postponed.length === 1 && queued.length === 1);
    expect(postponed).toEqual(['a']);
    expect(queued).toMatchObject([{ id: 'b' }]);
  });

  it('takes no tasks after it is stopped', async () => {
    const { dispatcher, batches } = setup({ due: [['a']] });
    await dispatcher.onApplicationShutdown();

    dispatcher.wake();

    expect(batches).toEqual([['a']]);
  });
});
