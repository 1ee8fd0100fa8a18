import { Injectable } from '@nestjs/common';
import type { Revocation } from '@repo/contracts';
import { Database, type Table, type Transaction } from '@repo/database';
import { StoredRevocation } from './revocation.entity.js';

@Injectable()
export class RevocationsRepository {
  private readonly revocations: Table<StoredRevocation>;

  constructor(database: Database) {
    this.revocations = database.table(StoredRevocation);
  }

  /** A keyset page, by subject, of the revocations that have not expired. */
  findPage(after: string | null, size: number): Promise<StoredRevocation[]> {
    return this.revocations.findMany(
      { expiresAt__gt: new Date(), ...(after !== null && { subject__gt: after }) },
      { sort: 'subject', limit: size },
    );
  }

  async upsert(revocations: Revocation[], tx: Transaction): Promise<void> {
    if (revocations.length === 0) return;
    const rows = revocations.map((revocation) => ({
      subject: `${revocation.kind}:${revocation.id}`,
      revocation,
      expiresAt: new Date(revocation.expiresAt),
    }));
    await this.revocations
      .in(tx)
      .query('revocation')
      .insert()
      .values(rows)
      .orUpdate(['revocation', 'expires_at'], ['subject'])
      .execute();
  }

  /** @returns the number of deleted rows */
  deleteExpired(): Promise<number> {
    return this.revocations.hardDelete({ expiresAt__lte: new Date() });
  }
}
