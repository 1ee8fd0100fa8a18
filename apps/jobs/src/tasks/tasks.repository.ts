import { Injectable } from '@nestjs/common';
import type { Page, TaskOptions } from '@repo/contracts';
import { Database, type PageRequest, type Table, type Transaction, type SqlOf } from '@repo/database';
import { In } from 'typeorm';
import { Task } from './task.entity.js';

export type NewTask = Pick<Task, 'id' | 'job' | 'payload' | 'createdByUserId' | 'origin'>;
export type DueTask = Pick<Task, 'id' | 'job' | 'priority' | 'origin'>;

/** Unfinished tasks are added to the queue again after this time. The queue ignores those that it has. */
const DISPATCH_AGAIN_SECONDS = 15;

@Injectable()
export class TasksRepository {
  private readonly tasks: Table<Task>;

  constructor(private readonly database: Database) {
    this.tasks = database.table(Task);
  }

  findById(id: string): Promise<Task | null> {
    return this.tasks.findOne({ id });
  }

  /** Newest first: a UUIDv7 begins with the time. */
  findPageOfUser(userId: number, request: PageRequest): Promise<Page<Task>> {
    return this.tasks.findPage(request, { where: { createdByUserId: userId }, sort: '-id' });
  }

  /** The unfinished task of a job with a unique key. */
  findUnfinished(job: string, uniqueKey: string, tx: Transaction): Promise<Task | null> {
    return tx.manager.findOneBy(Task, { job, uniqueKey, status: In(['queued', 'active']) });
  }

  /**
   * Inserts a task that the caller adds to the queue after the commit, unless it has a delay.
   *
   * @returns false when the id, or the unique key of an unfinished task, exists
   */
  async insert(
    task: NewTask,
    { delaySeconds = 0, priority, unique }: TaskOptions,
    tx: Transaction,
  ): Promise<boolean> {
    const inSeconds =
      (seconds: number): SqlOf =>
      (parameter) =>
        `now() + make_interval(secs => ${parameter(seconds)})`;
    const runAt = inSeconds(delaySeconds);
    const dispatchAt = inSeconds(delaySeconds || DISPATCH_AGAIN_SECONDS);
    const row = { ...task, priority, uniqueKey: unique ?? null, runAt, dispatchAt };
    return this.tasks.in(tx).insertIfNew(row);
  }

  /** @returns false when the task has started or ended */
  async cancel({ id, createdByUserId }: Task): Promise<boolean> {
    const changes = { status: 'cancelled', finishedAt: new Date() } as const;
    const event = { id, createdByUserId, status: changes.status };
    return this.database.updateAndEmit(Task, { id, status: 'queued' }, changes, 'task.finished', event);
  }

  async hardDeleteOfUser(userId: number, tx: Transaction): Promise<void> {
    await this.tasks.in(tx).hardDelete({ createdByUserId: userId });
  }

  /**
   * Unfinished tasks whose `dispatchAt` has passed. Taking a task postpones its `dispatchAt`, so that no two replicas
   * take the same one.
   */
  async takeDue(limit: number): Promise<DueTask[]> {
    const { tablePath } = this.database.dataSource.getMetadata(Task);
    return this.database.query<DueTask>(
      `UPDATE ${tablePath} SET dispatch_at = now() + make_interval(secs => $2)
       WHERE id IN (SELECT id FROM ${tablePath} WHERE status IN ('queued', 'active') AND dispatch_at <= now()
                    ORDER BY dispatch_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, job, priority, origin`,
      [limit, DISPATCH_AGAIN_SECONDS],
    );
  }

  async postpone(ids: string[], seconds: number): Promise<void> {
    const { tablePath } = this.database.dataSource.getMetadata(Task);
    await this.database.query(
      `UPDATE ${tablePath} SET dispatch_at = now() + make_interval(secs => $2) WHERE id = ANY ($1)`,
      [ids, seconds],
    );
  }
}
