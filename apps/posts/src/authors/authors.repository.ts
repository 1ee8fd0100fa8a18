import { Injectable } from '@nestjs/common';
import type { UserSnapshot } from '@repo/contracts';
import type { Transaction } from '@repo/runtime/database';
import { DataSource, type EntityManager } from 'typeorm';
import { Author } from './author.entity.js';

@Injectable()
export class AuthorsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The live user of this name; the newest copy, should an older one not have been renamed yet. */
  findByUsername(username: string): Promise<Author | null> {
    return this.dataSource.manager.findOne(Author, {
      where: { username, deleted: false },
      order: { id: 'DESC' },
    });
  }

  findById(id: number, tx: Transaction): Promise<Author | null> {
    return tx.manager.findOneBy(Author, { id });
  }

  /** Takes over what is newer than the copy; events may come late and twice. */
  async upsert({ id, username, deleted, version }: UserSnapshot, tx?: Transaction): Promise<void> {
    const manager: EntityManager = tx?.manager ?? this.dataSource.manager;
    const { tablePath } = this.dataSource.getMetadata(Author);
    await manager.query(
      `INSERT INTO ${tablePath} AS known (id, username, deleted, version) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET username = excluded.username, deleted = excluded.deleted, version = excluded.version
       WHERE known.version < excluded.version`,
      [id, username, deleted, version],
    );
  }
}
