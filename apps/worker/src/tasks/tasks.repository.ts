import { Injectable } from '@nestjs/common';
import { Database, prune, type Table, type Transaction } from '@repo/database';
import { Task } from './task.entity.js';

/** The end of a task. */
export type TaskEnd = Pick<Task, 'result' | 'error'> & {
  status: 'completed' | 'failed';
  progress?: number;
};

@Injectable()
export class TasksRepository {
  private readonly tasks: Table<Task>;

  constructor(private readonly database: Database) {
    this.tasks = database.table(Task);
  }

  findUnfinished(id: string): Promise<Task | null> {
    return this.tasks.findOne({ id, status__in: ['queued', 'active'] });
  }

  /** Counts an attempt. @returns false when the task is finished, cancelled or deleted */
  async start(id: string): Promise<boolean> {
    const changes = {
      status: 'active',
      attempts: () => 'attempts + 1',
      startedAt: () => 'coalesce(started_at, now())',
    } as const;
    return (await this.tasks.update({ id, status__in: ['queued', 'active'] }, changes)) === 1;
  }

  async saveProgress(id: string, percent: number): Promise<void> {
    await this.tasks.update({ id, status: 'active' }, { progress: percent });
  }

  async increment(id: string, counter: 'failures' | 'interruptions'): Promise<void> {
    await this.tasks.update({ id, status: 'active' }, { [counter]: () => `${counter} + 1` });
  }

  /** @returns false when the task is finished already or deleted: of two concurrent attempts the first counts */
  async finish(id: string, end: TaskEnd, tx: Transaction): Promise<boolean> {
    const changes = { ...end, finishedAt: new Date() };
    return (await this.tasks.in(tx).update({ id, status: 'active' }, changes)) === 1;
  }

  /** Does nothing when the id exists. */
  async insertIfNew(task: Pick<Task, 'id' | 'job' | 'payload'>): Promise<void> {
    await this.tasks.insertIfNew(task);
  }

  /** Deletes tasks that ended more than `days` ago. @returns their number */
  prune(days: number): Promise<number> {
    return prune(this.database.dataSource, Task, { column: 'finished_at', days });
  }
}
