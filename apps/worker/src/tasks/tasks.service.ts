import { Injectable } from '@nestjs/common';
import { AppError, InvalidInputError, Semaphore, validated } from '@repo/core';
import { Database } from '@repo/database';
import { Inbox } from '@repo/messaging';
import { backOffMs, RetryLater, WorkerStopping, type RunningJob, withinLimit } from '@repo/queue';
import { v5 as uuidv5 } from 'uuid';
import type { JobOptions } from './job.decorator.js';
import { Jobs } from './jobs.js';
import { RunningTask } from './running-task.js';
import type { Task } from './task.entity.js';
import { TasksRepository } from './tasks.repository.js';

const MAX_ERROR = 2_000;
/** From this number of died processes on a task is run alone: who is beside the one that kills them is innocent. */
const SUSPECT_AFTER = 3;
const MAX_DIED = 8;
/** A job that this version does not know may be known to the next one, which is being rolled out. */
const UNKNOWN_JOB = { attempts: 8 };
/** What makes the id of a task out of the run of a schedule. */
const SCHEDULE_NAMESPACE = 'f6c1b8a4-9b5e-4d5e-8f7e-3a1d0c2b4e6f';

class NoPayload {}

/** Runs tasks and keeps their outcome. At least once: effects are keyed by the task's id. */
@Injectable()
export class TasksService {
  private readonly suspects = new Semaphore(1);

  constructor(
    private readonly tasks: TasksRepository,
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly inbox: Inbox,
  ) {}

  /** What fails besides the job itself says nothing of the task: it stays unfinished, and is queued again. */
  async run(job: RunningJob): Promise<void> {
    const task = await this.tasks.findUnfinished(job.id);
    if (!task) return;
    if (timesDied(task) < SUSPECT_AFTER) await this.tryOnce(job);
    else await this.suspects.run(() => this.tryOnce(job));
  }

  /** One run of a schedule becomes one task, however many workers hear of it. */
  async runSchedule({ id: run, name }: RunningJob): Promise<void> {
    const id = uuidv5(run, SCHEDULE_NAMESPACE);
    await this.tasks.insertIfNew({ id, function: name, payload: {} });
  }

  private async tryOnce(job: RunningJob): Promise<void> {
    const task = await this.tasks.findUnfinished(job.id);
    if (!task || !(await this.tasks.start(task.id))) return;
    if (timesDied(task) >= MAX_DIED)
      return this.fail(task, `Its process died ${timesDied(task)} times while it ran`);
    let result: string | null;
    try {
      result = (await withinLimit(this.perform(task, job), job.signal)) ?? null;
    } catch (error) {
      return this.failed(task, error);
    }
    await this.finish(task, { status: 'completed', result, error: null, progress: 100 });
  }

  private async perform(task: Task, { signal, showProgress }: RunningJob): Promise<string | void> {
    const job = this.jobs.find(task.function);
    if (!job) throw new Error(`There is no job ${task.function}`);
    const payload = await validated(job.options.payload ?? NoPayload, task.payload, {
      location: 'payload',
      forbidExtra: true,
    });
    const running = new RunningTask(task.id, task.failures + 1, task.createdByUserId, signal, {
      database: this.database,
      inbox: this.inbox,
      saveProgress: async (percent) => {
        await this.tasks.saveProgress(task.id, percent);
        await showProgress(percent);
      },
    });
    return job.handler.run(payload, running);
  }

  /** @throws RetryLater unless that was the last try */
  private async failed(task: Task, error: unknown): Promise<void> {
    if (error instanceof WorkerStopping) {
      await this.tasks.count(task.id, 'interruptions');
      throw new RetryLater(0, error);
    }
    const { attempts = 3, backOffSeconds = 1 }: Partial<JobOptions<object>> =
      this.jobs.find(task.function)?.options ?? UNKNOWN_JOB;
    await this.tasks.count(task.id, 'failures');
    const failures = task.failures + 1;
    // A payload that breaks the rules will do so the next time.
    if (failures >= attempts || error instanceof InvalidInputError) return this.fail(task, reasonOf(error));
    throw new RetryLater(backOffMs(failures, backOffSeconds * 1_000), error);
  }

  private fail(task: Task, error: string): Promise<void> {
    return this.finish(task, { status: 'failed', result: null, error });
  }

  private async finish(
    { id, createdByUserId }: Task,
    outcome: Parameters<TasksRepository['finish']>[1] & { status: 'completed' | 'failed' },
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.tasks.finish(id, outcome, tx))) return;
      await tx.emit('task.finished', { id, createdByUserId, status: outcome.status });
    });
  }
}

/** Tries that ended neither way: the process was gone. */
function timesDied({ tries, failures, interruptions }: Task): number {
  return tries - failures - interruptions;
}

function reasonOf(error: unknown): string {
  return textOf(error).slice(0, MAX_ERROR);
}

function textOf(error: unknown): string {
  if (error instanceof InvalidInputError) return `The payload is not valid. ${error.explanation}`;
  if (error instanceof AppError) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
