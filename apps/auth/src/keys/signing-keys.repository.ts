import { Injectable } from '@nestjs/common';
import type { Transaction } from '@repo/runtime/database';
import { DataSource, IsNull, MoreThan } from 'typeorm';
import { SigningKey } from './signing-key.entity.js';

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly dataSource: DataSource) {}

  findCurrent(tx?: Transaction): Promise<SigningKey | null> {
    const manager = tx?.manager ?? this.dataSource.manager;
    return manager.findOne(SigningKey, { where: { retiredAt: IsNull() }, order: { createdAt: 'DESC' } });
  }

  /** The current one, and those retired since. */
  findPublished(retiredSince: Date): Promise<SigningKey[]> {
    return this.dataSource.manager.find(SigningKey, {
      where: [{ retiredAt: IsNull() }, { retiredAt: MoreThan(retiredSince) }],
      order: { createdAt: 'DESC' },
    });
  }

  /** Replicas that start together make one key, not one each. */
  async lock(tx: Transaction): Promise<void> {
    await tx.manager.query(`SELECT pg_advisory_xact_lock(hashtext('auth.signing_keys'))`);
  }

  async insert(key: Omit<SigningKey, 'createdAt' | 'retiredAt'>, tx: Transaction): Promise<void> {
    await tx.manager.insert(SigningKey, key);
  }

  async retireAll(tx: Transaction): Promise<void> {
    await tx.manager.update(SigningKey, { retiredAt: IsNull() }, { retiredAt: new Date() });
  }

  async deleteRetiredBefore(moment: Date): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .delete()
      .from(SigningKey)
      .where('retired_at < :moment', { moment })
      .execute();
  }
}
