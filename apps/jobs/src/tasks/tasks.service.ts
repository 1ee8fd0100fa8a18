import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
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
import type { ServerSentEvent } from '@repo/service';
import { v7 as uuidv7 } from 'uuid';
import { TaskDispatcher } from './task-dispatcher.js';
import type { Task } from './task.entity.js';
import { TasksRepository } from './tasks.repository.js';

/** Time until a change of a watched task is sent. */
const WATCH_MS = 500;

type EnqueueOptions = TaskOptions & { createdByUserId?: number | null };

@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly dispatcher: TaskDispatcher,
    private readonly queues: Queues,
    private readonly database: Database,
  ) {}

  /** Creates a task of the sample job, and saves the idempotent response with it. */
  create(message: string, caller: Caller | undefined): Promise<TaskCreated> {
    const request = newRequest(SAMPLE_TASK, { message }, { createdByUserId: caller?.id });
    return this.database.autocommit(async (tx) => tx.saveResponse({ id: await this.accept(request, tx) }));
  }

  // #region enqueue
  /**
   * Creates a task.
   *
   * @returns its id, or the id of the unfinished task with the same `unique` key
   */
  enqueue<N extends JobName>(name: N, payload: JobMap[N], options: EnqueueOptions = {}): Promise<string> {
    const request = newRequest(name, payload, options);
    return this.database.autocommit((tx) => this.accept(request, tx));
  }
  // #endregion

  /** Inserts the task in the caller's transaction. After the commit it is added to the queue, unless it has a delay. */
  async accept(
    { id, name, payload, createdByUserId, options = {} }: JobRequested,
    tx: Transaction,
  ): Promise<string> {
    const origin = currentOrigin();
    const task = { id, job: name, payload, createdByUserId, origin };
    const isNew = await this.tasks.insert(task, options, tx);
    if (!isNew) {
      const other = options.unique && (await this.tasks.findUnfinished(name, options.unique, tx));
      return other ? other.id : id;
    }
    const { delaySeconds, priority = 'normal' } = options;
    if (!delaySeconds) tx.afterCommit(() => this.dispatcher.add({ id, job: name, priority, origin }));
    return id;
  }

  async get(id: string, caller: Caller | undefined): Promise<TaskRead> {
    return toTaskRead(await this.getVisible(id, caller));
  }

  /**
   * The task whenever it has changed, until it has ended.
   *
   * @param last id of the last event that the client received
   */
  async *watch(
    id: string,
    caller: Caller | undefined,
    { last, signal }: { last?: string; signal: AbortSignal },
  ): AsyncGenerator<ServerSentEvent, void> {
    for (let previous = last; !signal.aborted;) {
      const task = await this.get(id, caller);
      const version = createHash('sha256').update(JSON.stringify(task)).digest('base64url').slice(0, 22);
      if (version !== previous) yield { id: version, event: 'task', data: task };
      if (task.success !== null) return;
      previous = version;
      await delay(WATCH_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async list(caller: Caller, request: PageRequest): Promise<Page<TaskRead>> {
    return mapPage(await this.tasks.findPageOfUser(caller.id, request), toTaskRead);
  }

  async cancel(id: string, caller: Caller | undefined): Promise<void> {
    const task = await this.getVisible(id, caller);
    if (!(await this.tasks.cancel(task))) throw new ConflictError('Task already started');
    await this.queues.of(queueOf(task.job)).remove(task.id);
  }

  async hardDeleteOfUser(userId: number, tx: Transaction): Promise<void> {
    await this.tasks.hardDeleteOfUser(userId, tx);
  }

  /** A caller sees own tasks and tasks without a creator; superusers see all. @throws NotFoundError */
  private async getVisible(id: string, caller: Caller | undefined): Promise<Task> {
    const task = isUuid(id) ? await this.tasks.findById(id) : null;
    const visible =
      task && (task.createdByUserId === null || task.createdByUserId === caller?.id || caller?.isSuperuser);
    if (!visible) throw new NotFoundError('Task not found');
    return task;
  }
}

function toTaskRead(task: Task): TaskRead {
  const ended = task.status !== 'queued' && task.status !== 'active';
  return {
    id: task.id,
    status: task.status,
    function: task.job,
    ...argumentsOf(task),
    job_try: task.attempts === 0 ? null : task.attempts,
    progress: task.progress,
    enqueue_time: task.enqueuedAt,
    score: task.status === 'queued' ? task.runAt.getTime() : null,
    start_time: task.startedAt,
    finish_time: task.finishedAt,
    success: ended ? task.status === 'completed' : null,
    result: task.result,
    error: task.error,
    queue_name: queueOf(task.job),
  };
}

/** In the API the sample task has one positional argument, other tasks have named ones. */
function argumentsOf({ job, payload }: Task): Pick<TaskRead, 'args' | 'kwargs'> {
  if (job === SAMPLE_TASK) return { args: [(payload as SampleTask).message], kwargs: {} };
  return { args: [], kwargs: { ...payload } };
}

function newRequest<N extends JobName>(
  name: N,
  payload: JobMap[N],
  { createdByUserId = null, ...options }: EnqueueOptions,
): JobRequested {
  return { id: uuidv7(), name, payload, createdByUserId, options } as JobRequested;
}
