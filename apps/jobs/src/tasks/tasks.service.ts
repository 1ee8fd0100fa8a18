import { Injectable } from '@nestjs/common';
import {
  isUuid,
  type JobMap,
  type JobName,
  type JobRequested,
  type Page,
  queueOf,
  SAMPLE_TASK,
  type SampleTask,
  type TaskCreated,
  type TaskOptions,
  type TaskRead,
} from '@repo/contracts';
import { ConflictError, currentOrigin, type Caller, NotFoundError } from '@repo/core';
import { Database, mapPage, type PageRequest, type Transaction } from '@repo/database';
import { Queues } from '@repo/queue';
import { v7 as uuidv7 } from 'uuid';
import { TaskDispatcher } from './task-dispatcher.js';
import type { Task } from './task.entity.js';
import { TasksRepository } from './tasks.repository.js';

type EnqueueOptions = TaskOptions & { createdByUserId?: number | null };

@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly dispatcher: TaskDispatcher,
    private readonly queues: Queues,
    private readonly database: Database,
  ) {}

  /** What a client asks for; the answer is kept with the task, for a client that asks again. */
  create(message: string, caller: Caller | undefined): Promise<TaskCreated> {
    const request = aRequest(SAMPLE_TASK, { message }, { createdByUserId: caller?.id });
    return this.database.transaction(async (tx) => tx.saveResponse({ id: await this.accept(request, tx) }));
  }

  // #region enqueue
  /**
   * Accepted means stored: from here on nothing loses it.
   *
   * @returns the id of the task; of the one that is there already when `unique` keeps this one out
   */
  enqueue<N extends JobName>(name: N, payload: JobMap[N], options: EnqueueOptions = {}): Promise<string> {
    const request = aRequest(name, payload, options);
    return this.database.transaction((tx) => this.accept(request, tx));
  }
  // #endregion

  /** Keeps what was asked for, in the transaction of whoever asks. */
  async accept(
    { id, name, payload, createdByUserId, options = {} }: JobRequested,
    tx: Transaction,
  ): Promise<string> {
    const task = { id, function: name, payload, createdByUserId, origin: currentOrigin() };
    const isNew = await this.tasks.insert(task, options, tx);
    if (!isNew) {
      const other = options.unique && (await this.tasks.findUnfinished(name, options.unique, tx));
      return other ? other.id : id;
    }
    tx.afterCommit(() => this.dispatcher.wake());
    return id;
  }

  async get(id: string, caller: Caller | undefined): Promise<TaskRead> {
    return toTaskRead(await this.getVisible(id, caller));
  }

  async list(caller: Caller, request: PageRequest): Promise<Page<TaskRead>> {
    return mapPage(await this.tasks.findPageOfUser(caller.id, request), toTaskRead);
  }

  async cancel(id: string, caller: Caller | undefined): Promise<void> {
    const task = await this.getVisible(id, caller);
    await this.database.transaction(async (tx) => {
      if (!(await this.tasks.cancel(task.id, tx))) throw new ConflictError('Task already started');
      await tx.emit('task.finished', {
        id: task.id,
        createdByUserId: task.createdByUserId,
        status: 'cancelled',
      });
    });
    await this.queues.of(queueOf(task.function)).remove(task.id);
  }

  async eraseOfUser(userId: number, tx: Transaction): Promise<void> {
    await this.tasks.deleteOfUser(userId, tx);
  }

  /** A task without a creator is for anyone who holds its id; another's is not there. */
  private async getVisible(id: string, caller: Caller | undefined): Promise<Task> {
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
    ...argumentsOf(task),
    job_try: task.tries === 0 ? null : task.tries,
    progress: task.progress,
    enqueue_time: task.enqueuedAt,
    score: task.status === 'queued' ? task.runAt.getTime() : null,
    start_time: task.startedAt,
    finish_time: task.finishedAt,
    success,
    result: task.result,
    error: task.error,
    queue_name: queueOf(task.function),
  };
}

/** The API knows the sample task by one positional argument. */
function argumentsOf({ function: name, payload }: Task): Pick<TaskRead, 'args' | 'kwargs'> {
  if (name === SAMPLE_TASK) return { args: [(payload as SampleTask).message], kwargs: {} };
  return { args: [], kwargs: { ...payload } };
}

function aRequest<N extends JobName>(
  name: N,
  payload: JobMap[N],
  { createdByUserId = null, ...options }: EnqueueOptions,
): JobRequested {
  return { id: uuidv7(), name, payload, createdByUserId, options } as JobRequested;
}
