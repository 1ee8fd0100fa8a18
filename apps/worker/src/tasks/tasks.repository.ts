import { Injectable } from '@nestjs/common';
import { Database, type Table, type Transaction } from '@repo/database';
import { In } from 'typeorm';
import { Task } from './task.entity.js';

@Injectable()
export class TasksRepository {
  private readonly tasks: Table<Task>;

  constructor(private readonly database: Database) {
    this.tasks = database.table(Task);
  }

  findUnfinished(id: string): Promise<Task | null> {
    return this.tasks.findOne({ id, status__in: ['queued', 'active'] });
  }

  /** Marks the task as started (again). @returns false when it was cancelled, erased or is finished */
  async start(id: string): Promise<boolean> {
    const { affected } = await this.database.dataSource
      .createQueryBuilder()
      .update(Task)
      .set({ status: 'active', tries: () => 'tries + 1', startedAt: () => 'coalesce(started_at, now())' })
      .where({ id, status: In(['queued', 'active']) })
      .execute();
    return affected === 1;
  }

  async saveProgress(id: string, percent: number): Promise<void> {
    await this.tasks.update({ id, status: 'active' }, { progress: percent });
  }

  /** A try is over, and there will be another. */
  async count(id: string, end: 'failures' | 'interruptions'): Promise<void> {
    await this.database.dataSource.manager.increment(Task, { id, status: 'active' }, end, 1);
  }

  /** @returns false when it is finished already or gone: of two runs the first counts */
  async finish(
    id: string,
    outcome: Pick<Task, 'status' | 'result' | 'error'> & Partial<Pick<Task, 'progress'>>,
    tx: Transaction,
  ): Promise<boolean> {
    const changes = { ...outcome, finishedAt: new Date() };
    return (await this.tasks.in(tx).update({ id, status: 'active' }, changes)) === 1;
  }

  /** Does nothing when there is a task of this id already. */
  async insertIfNew(task: Pick<Task, 'id' | 'function' | 'payload'>): Promise<void> {
    await this.database.dataSource
      .createQueryBuilder()
      .insert()
      .into(Task, ['id', 'function', 'payload'])
      .values(task)
      .orIgnore()
      .execute();
  }

  /** Deletes tasks that ended before. @returns how many, `limit` at most */
  async deleteFinishedBefore(moment: Date, limit: number, tx: Transaction): Promise<number> {
    const { tablePath } = this.database.dataSource.getMetadata(Task);
    const [, count]: [unknown, number] = await tx.manager.query(
      `DELETE FROM ${tablePath} WHERE id IN (
         SELECT id FROM ${tablePath} WHERE finished_at < $1 ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [moment, limit],
    );
    return count;
  }
}
