import { Injectable } from '@nestjs/common';
import type { Revocation } from '@repo/contracts';
import { Database, type Table, type Transaction } from '@repo/database';
import { RevocationRow } from './revocation.entity.js';

@Injectable()
export class RevocationsRepository {
  private readonly revocations: Table<RevocationRow>;

  constructor(database: Database) {
    this.revocations = database.table(RevocationRow);
  }

  /** Those that still matter, by keyset over their subject. */
  findPage(after: string | null, size: number): Promise<RevocationRow[]> {
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

  /** @returns how many */
  deleteExpired(): Promise<number> {
    return this.revocations.hardDelete({ expiresAt__lte: new Date() });
  }
}
