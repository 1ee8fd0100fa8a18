import { Injectable } from '@nestjs/common';
import { Database, prune, type Table } from '@repo/database';
import { Task } from './task.entity.js';

/** The end of a task. */
export type TaskEnd = Pick<Task, 'result' | 'error'> & {
  status: 'completed' | 'failed';
  progress?: number;
};

export type StartedTask = Pick<
  Task,
  'id' | 'job' | 'payload' | 'createdByUserId' | 'attempts' | 'failures' | 'interruptions'
>;

@Injectable()
export class TasksRepository {
  private readonly tasks: Table<Task>;

  constructor(private readonly database: Database) {
    this.tasks = database.table(Task);
  }

  isUnfinished(id: string): Promise<boolean> {
    return this.tasks.exists({ id, status__in: ['queued', 'active'] });
  }

  /**
   * Counts an attempt.
   *
   * @param maxCrashes number of attempts during which the process died, from which the task does not start
   * @returns undefined when it does not start, or is finished, cancelled or deleted
   */
  async start(id: string, maxCrashes = Number.MAX_SAFE_INTEGER): Promise<StartedTask | undefined> {
    const { tablePath } = this.database.dataSource.getMetadata(Task);
    const [task] = await this.database.query<StartedTask>(
      `UPDATE ${tablePath} SET status = 'active', attempts = attempts + 1, started_at = coalesce(started_at, now())
       WHERE id = $1 AND status IN ('queued', 'active') AND attempts - failures - interruptions < $2::bigint
       RETURNING id, job, payload, created_by_user_id AS "createdByUserId", attempts, failures, interruptions`,
      [id, maxCrashes],
    );
    return task;
  }

  async saveProgress(id: string, percent: number): Promise<void> {
    await this.tasks.update({ id, status: 'active' }, { progress: percent });
  }

  async increment(id: string, counter: 'failures' | 'interruptions'): Promise<void> {
    await this.tasks.update({ id, status: 'active' }, { [counter]: () => `${counter} + 1` });
  }

  /** Does nothing when the task is finished already or deleted: of two concurrent attempts the first counts. */
  async finish({ id, createdByUserId }: StartedTask, end: TaskEnd): Promise<void> {
    const changes = { ...end, finishedAt: new Date() };
    const event = { id, createdByUserId, status: end.status };
    await this.database.updateAndEmit(Task, { id, status: 'active' }, changes, 'task.finished', event);
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
