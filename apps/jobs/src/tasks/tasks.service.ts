import { Injectable } from '@nestjs/common';
import { isUuid, SAMPLE_TASK, TASKS_QUEUE, type TaskCreated, type TaskRead } from '@repo/contracts';
import type { CurrentUser } from '@repo/runtime/context';
import { Database, mapPage, type Page, type PageRequest, type Transaction } from '@repo/runtime/database';
import { ConflictError, NotFoundError } from '@repo/runtime/errors';
import { Queue } from '@repo/runtime/queue';
import { v7 as uuidv7 } from 'uuid';
import { TaskDispatcher } from './task-dispatcher.js';
import type { Task } from './task.entity.js';
import { TasksRepository } from './tasks.repository.js';

@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly dispatcher: TaskDispatcher,
    private readonly queue: Queue,
    private readonly database: Database,
  ) {}

  /** Accepted means stored: from here on nothing loses it. */
  async create(message: string, caller: CurrentUser | undefined): Promise<TaskCreated> {
    const id = uuidv7();
    const createdByUserId = caller?.id ?? null;
    return this.database.transaction(async (tx) => {
      await this.tasks.insert({ id, function: SAMPLE_TASK, message, createdByUserId }, tx);
      await tx.emit('task.created', { id, createdByUserId });
      tx.afterCommit(() => this.dispatcher.wake());
      return tx.answer({ id });
    });
  }

  async get(id: string, caller: CurrentUser | undefined): Promise<TaskRead> {
    return toTaskRead(await this.getVisible(id, caller));
  }

  async list(caller: CurrentUser, request: PageRequest): Promise<Page<TaskRead>> {
    return mapPage(await this.tasks.findPageOfUser(caller.id, request), toTaskRead);
  }

  async cancel(id: string, caller: CurrentUser | undefined): Promise<void> {
    const task = await this.getVisible(id, caller);
    await this.database.transaction(async (tx) => {
      if (!(await this.tasks.cancel(task.id, tx))) throw new ConflictError('Task already started');
      await tx.emit('task.finished', {
        id: task.id,
        createdByUserId: task.createdByUserId,
        status: 'cancelled',
      });
    });
    await this.queue.remove(task.id);
  }

  async eraseOfUser(userId: number, tx: Transaction): Promise<void> {
    await this.tasks.deleteOfUser(userId, tx);
  }

  /** A task without a creator is for anyone who holds its id; another's is not there. */
  private async getVisible(id: string, caller: CurrentUser | undefined): Promise<Task> {
    const task = isUuid(id) ? await this.tasks.findById(id) : null;
    const visible =
      task && (task.createdByUserId === null || task.createdByUserId === caller?.id || caller?.isSuperuser);
    if (!visible) throw new NotFoundError('Task not found');
    return task;
  }
}

function toTaskRead(task: Task): TaskRead {
  const success =
    task.status === 'completed'
      ? true
      : task.status === 'failed' || task.status === 'cancelled'
        ? false
        : null;
  return {
    id: task.id,
    status: task.status,
    function: task.function,
    args: [task.message],
    kwargs: {},
    job_try: task.tries === 0 ? null : task.tries,
    enqueue_time: task.enqueuedAt,
    score: task.status === 'queued' ? task.enqueuedAt.getTime() : null,
    start_time: task.startedAt,
    finish_time: task.finishedAt,
    success,
    result: task.result,
    error: task.error,
    queue_name: TASKS_QUEUE,
  };
}
