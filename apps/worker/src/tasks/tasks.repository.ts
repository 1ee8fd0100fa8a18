import { Injectable } from '@nestjs/common';
import type { Transaction } from '@repo/runtime/database';
import { DataSource, In } from 'typeorm';
import { Task } from './task.entity.js';

@Injectable()
export class TasksRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Marks the task as started (again). @returns false when it was cancelled, erased or is finished */
  async start(id: string): Promise<boolean> {
    const { affected } = await this.dataSource
      .createQueryBuilder()
      .update(Task)
      .set({ status: 'active', tries: () => 'tries + 1', startedAt: () => 'coalesce(started_at, now())' })
      .where({ id, status: In(['queued', 'active']) })
      .execute();
    return affected === 1;
  }

  /** @returns the task, or null when it is finished already or gone: of two runs the first counts */
  async finish(
    id: string,
    outcome: Pick<Task, 'status' | 'result' | 'error'>,
    tx: Transaction,
  ): Promise<Task | null> {
    const { affected } = await tx.manager.update(
      Task,
      { id, status: 'active' },
      { ...outcome, finishedAt: new Date() },
    );
    return affected === 1 ? tx.manager.findOneBy(Task, { id }) : null;
  }
}
