import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, type Table, type Transaction } from '@repo/runtime/database';
import { Task } from './task.entity.js';

@Injectable()
export class TasksRepository {
  private readonly tasks: Table<Task>;

  constructor(private readonly database: Database) {
    this.tasks = database.table(Task);
  }

  findById(id: string): Promise<Task | null> {
    return this.tasks.findOne({ id });
  }

  /** Newest first: the ids grow with time. */
  findPageOfUser(userId: number, request: PageRequest): Promise<Page<Task>> {
    return this.tasks.findPage(request, { where: { createdByUserId: userId }, sort: '-id' });
  }

  async insert(
    task: Pick<Task, 'id' | 'function' | 'message' | 'createdByUserId'>,
    tx: Transaction,
  ): Promise<void> {
    await this.tasks.in(tx).insert(task);
  }

  /** @returns whether it was still waiting */
  async cancel(id: string, tx: Transaction): Promise<boolean> {
    const changes = { status: 'cancelled', finishedAt: new Date() } as const;
    return (await this.tasks.in(tx).update({ id, status: 'queued' }, changes)) === 1;
  }

  async deleteOfUser(userId: number, tx: Transaction): Promise<void> {
    await this.tasks.in(tx).hardDelete({ createdByUserId: userId });
  }

  /**
   * Unfinished tasks that are due to be (put again) into the queue. Taking them postpones their next turn, so that
   * several replicas share the work.
   */
  async takeDue(limit: number, againInSeconds: number): Promise<Pick<Task, 'id' | 'function' | 'message'>[]> {
    const { dataSource } = this.database;
    const { tablePath } = dataSource.getMetadata(Task);
    const [rows]: [Pick<Task, 'id' | 'function' | 'message'>[]] = await dataSource.query(
      `UPDATE ${tablePath} SET dispatch_at = now() + make_interval(secs => $2)
       WHERE id IN (SELECT id FROM ${tablePath} WHERE status IN ('queued', 'active') AND dispatch_at <= now()
                    ORDER BY dispatch_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, function, message`,
      [limit, againInSeconds],
    );
    return rows;
  }

  /** They are due at once: the queue could not be reached. */
  async postpone(ids: string[], seconds: number): Promise<void> {
    const { dataSource } = this.database;
    const { tablePath } = dataSource.getMetadata(Task);
    await dataSource.query(
      `UPDATE ${tablePath} SET dispatch_at = now() + make_interval(secs => $2) WHERE id = ANY ($1)`,
      [ids, seconds],
    );
  }
}
