import { Injectable } from '@nestjs/common';
import type { UserSnapshot } from '@repo/contracts';
import { Database, type Table, type Transaction } from '@repo/database';
import { Author } from './author.entity.js';

@Injectable()
export class AuthorsRepository {
  private readonly authors: Table<Author>;

  constructor(private readonly database: Database) {
    this.authors = database.table(Author);
  }

  /** The live author of this name; the newest one when the rename of an older one has not arrived yet. */
  async findByUsername(username: string): Promise<Author | null> {
    const [newest] = await this.authors.findMany({ username, deleted: false }, { sort: '-id', limit: 1 });
    return newest ?? null;
  }

  findById(id: number, tx: Transaction): Promise<Author | null> {
    return this.authors.in(tx).findOne({ id });
  }

  /** Stores a user that is newer than the copy. Events may arrive late and twice. */
  async upsert({ id, username, deleted, version }: UserSnapshot, tx?: Transaction): Promise<void> {
    const { tablePath } = this.database.dataSource.getMetadata(Author);
    await this.database.query(
      `INSERT INTO ${tablePath} AS known (id, username, deleted, version) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET username = excluded.username, deleted = excluded.deleted, version = excluded.version
       WHERE known.version < excluded.version`,
      [id, username, deleted, version],
      tx,
    );
  }
}
