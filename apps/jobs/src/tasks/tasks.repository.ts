import { Injectable } from '@nestjs/common';
import type { OffsetPage, Transaction } from '@repo/runtime/database';
import { DataSource } from 'typeorm';
import { Task } from './task.entity.js';

@Injectable()
export class TasksRepository {
  constructor(private readonly dataSource: DataSource) {}

  findById(id: string): Promise<Task | null> {
    return this.dataSource.manager.findOneBy(Task, { id });
  }

  /** Newest first: the ids grow with time. */
  async findPageOfUser(userId: number, page: number, size: number): Promise<OffsetPage<Task>> {
    const [data, total] = await this.dataSource.manager.findAndCount(Task, {
      where: { createdByUserId: userId },
      order: { id: 'DESC' },
      skip: (page - 1) * size,
      take: size,
    });
    return { data, total_count: total, has_more: page * size < total, page, items_per_page: size };
  }

  async insert(
    task: Pick<Task, 'id' | 'function' | 'message' | 'createdByUserId'>,
    tx: Transaction,
  ): Promise<void> {
    await tx.manager.insert(Task, task);
  }

  /** @returns whether it was still waiting */
  async cancel(id: string, tx: Transaction): Promise<boolean> {
    const { affected } = await tx.manager.update(
      Task,
      { id, status: 'queued' },
      { status: 'cancelled', finishedAt: new Date() },
    );
    return affected === 1;
  }

  async deleteOfUser(userId: number, tx: Transaction): Promise<void> {
    await tx.manager.delete(Task, { createdByUserId: userId });
  }

  /**
   * Unfinished tasks that are due to be (put again) into the queue. Taking them postpones their next turn, so that
   * several replicas share the work.
   */
  async takeDue(limit: number, againInSeconds: number): Promise<Pick<Task, 'id' | 'function' | 'message'>[]> {
    const { tablePath } = this.dataSource.getMetadata(Task);
    const [rows]: [Pick<Task, 'id' | 'function' | 'message'>[]] = await this.dataSource.query(
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
    const { tablePath } = this.dataSource.getMetadata(Task);
    await this.dataSource.query(
      `UPDATE ${tablePath} SET dispatch_at = now() + make_interval(secs => $2) WHERE id = ANY ($1)`,
      [ids, seconds],
    );
  }
}
