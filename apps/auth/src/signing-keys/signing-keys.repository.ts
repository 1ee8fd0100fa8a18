import { Injectable } from '@nestjs/common';
import { Database, type Table, type Transaction } from '@repo/database';
import { SigningKey } from './signing-key.entity.js';

@Injectable()
export class SigningKeysRepository {
  private readonly keys: Table<SigningKey>;

  constructor(database: Database) {
    this.keys = database.table(SigningKey);
  }

  async findCurrent(tx?: Transaction): Promise<SigningKey | null> {
    const [newest] = await this.keys
      .in(tx)
      .findMany({ retiredAt__is_null: true }, { sort: '-createdAt', limit: 1 });
    return newest ?? null;
  }

  /** The current key, and the keys that were retired after this time. */
  findPublished(retiredSince: Date): Promise<SigningKey[]> {
    return this.keys
      .query('key')
      .where('key.retired_at IS NULL OR key.retired_at > :retiredSince', { retiredSince })
      .orderBy('key.createdAt', 'DESC')
      .getMany();
  }

  /** Serializes creation: replicas that start at the same time create one key, not one each. */
  async lock(tx: Transaction): Promise<void> {
    await tx.manager.query(`SELECT pg_advisory_xact_lock(hashtext('auth.signing_keys'))`);
  }

  async insert(key: Omit<SigningKey, 'createdAt' | 'retiredAt'>, tx: Transaction): Promise<void> {
    await this.keys.in(tx).insert(key);
  }

  async retireAll(tx: Transaction): Promise<void> {
    await this.keys.in(tx).update({ retiredAt__is_null: true }, { retiredAt: new Date() });
  }

  async deleteRetiredBefore(date: Date): Promise<void> {
    await this.keys.hardDelete({ retiredAt__lt: date });
  }
}
