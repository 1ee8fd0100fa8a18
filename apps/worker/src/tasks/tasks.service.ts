import { Injectable } from '@nestjs/common';
import { AppError, InvalidInputError, Semaphore, validated } from '@repo/core';
import { Database } from '@repo/database';
import { Inbox } from '@repo/messaging';
import { abortable, backOffMs, RetryLater, type RunningJob, WorkerStopping } from '@repo/queue';
import { v5 as uuidv5 } from 'uuid';
import type { JobOptions } from './job.decorator.js';
import { Jobs } from './jobs.js';
import { RunningTask } from './running-task.js';
import { type StartedTask, TasksRepository } from './tasks.repository.js';

const MAX_ERROR_LENGTH = 2_000;
/** A task that has crashed this often is executed alone, so that its next crash hits no other task. */
const CRASHES_TO_ISOLATE = 3;
const MAX_CRASHES = 8;
/** A job of a newer version is unknown during a rollout; several attempts give the new workers time to start. */
const UNKNOWN_JOB = { attempts: 8 };
/** Namespace of the ids of scheduled tasks, which are derived from the ids of BullMQ's jobs. */
const SCHEDULE_NAMESPACE = 'f6c1b8a4-9b5e-4d5e-8f7e-3a1d0c2b4e6f';

class NoPayload {}

/** Executes tasks and saves their results, at least once each. */
@Injectable()
export class TasksService {
  private readonly isolation = new Semaphore(1);

  constructor(
    private readonly tasks: TasksRepository,
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly inbox: Inbox,
  ) {}

  /**
   * Executes one attempt of the task with the id of `job`.
   *
   * @throws RetryLater when the task needs another attempt, or any error when PostgreSQL fails: the queue repeats both
   */
  async run(job: RunningJob): Promise<void> {
    const task = await this.tasks.start(job.id, CRASHES_TO_ISOLATE);
    if (task) await this.attempt(task, job);
    else if (await this.tasks.isUnfinished(job.id)) await this.isolation.run(() => this.runAlone(job));
  }

  /** Creates the task of a scheduled job. Its id is derived from the job's, so that several workers create one task. */
  async runSchedule({ id, name }: RunningJob): Promise<void> {
    await this.tasks.insertIfNew({ id: uuidv5(id, SCHEDULE_NAMESPACE), job: name, payload: {} });
  }

  private async runAlone(job: RunningJob): Promise<void> {
    const task = await this.tasks.start(job.id);
    if (task && crashesOf(task) >= MAX_CRASHES)
      await this.fail(task, `Its process died ${crashesOf(task)} times while it ran`);
    else if (task) await this.attempt(task, job);
  }

  private async attempt(task: StartedTask, job: RunningJob): Promise<void> {
    let result: string | null;
    try {
      result = (await abortable(this.perform(task, job), job.signal)) ?? null;
    } catch (error) {
      return this.handleError(task, error);
    }
    await this.tasks.finish(task, { status: 'completed', result, error: null, progress: 100 });
  }

  private async perform(task: StartedTask, { signal, showProgress }: RunningJob): Promise<string | void> {
    const job = this.jobs.find(task.job);
    if (!job) throw new Error(`There is no job ${task.job}`);
    const payload = await validated(job.options.payload ?? NoPayload, task.payload, {
      location: 'payload',
      forbidExtra: true,
    });
    const running = new RunningTask(task.id, task.createdByUserId, signal, {
      database: this.database,
      inbox: this.inbox,
      saveProgress: async (percent) => {
        await this.tasks.saveProgress(task.id, percent);
        await showProgress(percent);
      },
    });
    return job.handler.run(payload, running);
  }

  /** @throws RetryLater unless this was the last attempt */
  private async handleError(task: StartedTask, error: unknown): Promise<void> {
    if (error instanceof WorkerStopping) {
      await this.tasks.increment(task.id, 'interruptions');
      throw new RetryLater(0, error);
    }
    const { attempts = 3, backOffSeconds = 1 }: Partial<JobOptions<object>> =
      this.jobs.find(task.job)?.options ?? UNKNOWN_JOB;
    await this.tasks.increment(task.id, 'failures');
    const failures = task.failures + 1;
    if (failures >= attempts || error instanceof InvalidInputError)
      return this.fail(task, textOf(error).slice(0, MAX_ERROR_LENGTH));
    throw new RetryLater(backOffMs(failures, backOffSeconds * 1_000), error);
  }

  private fail(task: StartedTask, error: string): Promise<void> {
    return this.tasks.finish(task, { status: 'failed', result: null, error });
  }
}

/** Attempts before this one during which the process died: they ended neither as a failure nor as an interruption. */
function crashesOf({ attempts, failures, interruptions }: StartedTask): number {
  return attempts - 1 - failures - interruptions;
}

function textOf(error: unknown): string {
  if (error instanceof InvalidInputError) return `The payload is not valid. ${error.explanation}`;
  if (error instanceof AppError) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
