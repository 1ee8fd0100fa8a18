import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { UnavailableError } from '@repo/runtime/errors';
import type { Queue, QueuedJob } from '@repo/runtime/queue';
import { waitFor } from '@repo/runtime/testing';
import { TaskDispatcher } from './task-dispatcher.js';
import type { TasksRepository } from './tasks.repository.js';

Logger.overrideLogger(false);

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

function setup({ due = [], refuses = false }: { due?: string[][]; refuses?: boolean }) {
  const batches = [...due];
  const queued: QueuedJob[] = [];
  const postponed: string[] = [];
  const tasks: Partial<TasksRepository> = {
    takeDue: async () => (batches.shift() ?? []).map((id) => ({ id, function: 'work', message: `do ${id}` })),
    postpone: async (ids) => void postponed.push(...ids),
  };
  const queue: Partial<Queue> = {
    addAll: async (jobs) => {
      if (refuses) throw new UnavailableError();
      queued.push(...jobs);
    },
  };
  const dispatcher = new TaskDispatcher(tasks as TasksRepository, queue as Queue);
  stop = () => dispatcher.onApplicationShutdown();
  return { dispatcher, queued, postponed, batches };
}

describe('TaskDispatcher', () => {
  it('queues what is due when the process starts', async () => {
    const { dispatcher, queued } = setup({ due: [['a', 'b']] });

    dispatcher.onApplicationBootstrap();

    await waitFor(() => queued.length === 2);
    expect(queued[0]).toEqual({ id: 'a', name: 'work', data: { taskId: 'a', message: 'do a' } });
  });

  it('goes on at once while there is more than a batch', async () => {
    const full = Array.from({ length: 200 }, (_, i) => `task ${i}`);
    const { dispatcher, queued } = setup({ due: [full, full, ['last']] });

    dispatcher.wake();

    await waitFor(() => queued.length === 401);
    expect(queued.at(-1)!.id).toBe('last');
  });

  it('makes tasks due again soon when the queue does not take them', async () => {
    const { dispatcher, queued, postponed } = setup({ due: [['a', 'b']], refuses: true });

    dispatcher.wake();

    await waitFor(() => postponed.length === 2);
    expect(postponed).toEqual(['a', 'b']);
    expect(queued).toEqual([]);
  });

  it('takes nothing any more once it is stopped', async () => {
    const { dispatcher, batches } = setup({ due: [['a']] });
    await dispatcher.onApplicationShutdown();

    dispatcher.wake();

    expect(batches).toEqual([['a']]);
  });
});
