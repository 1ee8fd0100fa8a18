import { Injectable } from '@nestjs/common';
import { Database } from '@repo/runtime/database';
import type { RunningJob } from '@repo/runtime/queue';
import { TASK_HANDLERS } from './task-handlers.js';
import { TasksRepository } from './tasks.repository.js';

const MAX_ERROR = 2_000;

/** Runs tasks and keeps their outcome. At least once: effects are keyed by the task's id. */
@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly database: Database,
  ) {}

  async run(job: RunningJob): Promise<void> {
    if (!(await this.tasks.start(job.id))) return;
    try {
      const handler = TASK_HANDLERS[job.name];
      if (!handler) throw new Error(`There is no task ${job.name}`);
      await this.finish(job.id, {
        status: 'completed',
        result: await handler(job.data, job.signal),
        error: null,
      });
    } catch (error) {
      if (job.lastAttempt) {
        await this.finish(job.id, {
          status: 'failed',
          result: null,
          error: (error as Error).message.slice(0, MAX_ERROR),
        });
      }
      throw error;
    }
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
