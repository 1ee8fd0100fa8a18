import { Injectable } from '@nestjs/common';
import { isUuid } from '@repo/contracts';
import type { Page, PageRequest, Transaction } from '@repo/runtime/database';
import { InvalidInputError } from '@repo/runtime/errors';
import { DataSource, LessThan } from 'typeorm';
import { Task } from './task.entity.js';

@Injectable()
export class TasksRepository {
  constructor(private readonly dataSource: DataSource) {}

  findById(id: string): Promise<Task | null> {
    return this.dataSource.manager.findOneBy(Task, { id });
  }

  /** Newest first: the ids grow with time. */
  findPageOfUser(
    userId: number,
    { page = 1, items_per_page: size = 10, cursor }: PageRequest,
  ): Promise<Page<Task>> {
    return cursor === undefined
      ? this.pageByNumber(userId, page, size)
      : this.pageByCursor(userId, cursor, size);
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

  private async pageByNumber(userId: number, page: number, size: number): Promise<Page<Task>> {
    const [data, total] = await this.dataSource.manager.findAndCount(Task, {
      where: { createdByUserId: userId },
      order: { id: 'DESC' },
      skip: (page - 1) * size,
      take: size,
    });
    return { data, total_count: total, has_more: page * size < total, page, items_per_page: size };
  }

  private async pageByCursor(userId: number, cursor: string, size: number): Promise<Page<Task>> {
    const rows = await this.dataSource.manager.find(Task, {
      where: { createdByUserId: userId, ...(cursor !== '' && { id: LessThan(decodeCursor(cursor)) }) },
      order: { id: 'DESC' },
      take: size + 1,
    });
    const data = rows.slice(0, size);
    const hasMore = rows.length > size;
    return { data, next_cursor: hasMore ? encodeCursor(data.at(-1)!.id) : null, has_more: hasMore };
  }
}

function encodeCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isUuid(id) || encodeCursor(id) !== cursor) {
    throw new InvalidInputError([
      {
        loc: ['query', 'cursor'],
        type: 'value_error',
        msg: 'Take the cursor from next_cursor of the page before',
      },
    ]);
  }
  return id;
}
