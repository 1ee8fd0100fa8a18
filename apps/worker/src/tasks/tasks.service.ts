import { Injectable } from '@nestjs/common';
import { Database } from '@repo/runtime/database';
import { type RunningJob, withinLimit } from '@repo/runtime/queue';
import { TaskHandlers } from './task-handlers.js';
import { TasksRepository } from './tasks.repository.js';

const MAX_ERROR = 2_000;

/** Runs tasks and keeps their outcome. At least once: effects are keyed by the task's id. */
@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly handlers: TaskHandlers,
    private readonly database: Database,
  ) {}

  /** What fails besides the handler says nothing of the task: it stays unfinished, and is queued again. */
  async run(job: RunningJob): Promise<void> {
    if (!(await this.tasks.start(job.id))) return;
    let result: string;
    try {
      result = await this.handle(job);
    } catch (error) {
      if (job.lastAttempt) {
        await this.finish(job.id, { status: 'failed', result: null, error: reasonOf(error) });
      }
      throw error;
    }
    await this.finish(job.id, { status: 'completed', result, error: null });
  }

  private async handle({ name, data, signal }: RunningJob): Promise<string> {
    const handler = this.handlers.byName[name];
    if (!handler) throw new Error(`There is no task ${name}`);
    return withinLimit(handler(data, signal), signal);
  }

  private async finish(id: string, outcome: Parameters<TasksRepository['finish']>[1]): Promise<void> {
    await this.database.transaction(async (tx) => {
      const task = await this.tasks.finish(id, outcome, tx);
      if (!task) return;
      const status = outcome.status === 'completed' ? 'completed' : 'failed';
      await tx.emit('task.finished', { id, createdByUserId: task.createdByUserId, status });
    });
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR);
}
