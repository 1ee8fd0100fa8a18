import { Injectable } from '@nestjs/common';
import type { Revocation } from '@repo/contracts';
import type { Transaction } from '@repo/runtime/database';
import { DataSource } from 'typeorm';
import { RevocationRow } from './revocation.entity.js';

@Injectable()
export class RevocationsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that still matter, by keyset over their subject. */
  findPage(after: string | null, size: number): Promise<RevocationRow[]> {
    const query = this.dataSource
      .createQueryBuilder(RevocationRow, 'revocation')
      .where('revocation.expires_at > now()')
      .orderBy('revocation.subject')
      .take(size);
    if (after !== null) query.andWhere('revocation.subject > :after', { after });
    return query.getMany();
  }

  async upsert(revocations: Revocation[], tx: Transaction): Promise<void> {
    if (revocations.length === 0) return;
    const rows = revocations.map((revocation) => ({
      subject: `${revocation.kind}:${revocation.id}`,
      revocation,
      expiresAt: new Date(revocation.expiresAt),
    }));
    await tx.manager
      .createQueryBuilder()
      .insert()
      .into(RevocationRow)
      .values(rows)
      .orUpdate(['revocation', 'expires_at'], ['subject'])
      .execute();
  }

  /** @returns how many */
  async deleteExpired(): Promise<number> {
    const result = await this.dataSource
      .createQueryBuilder()
      .delete()
      .from(RevocationRow)
      .where('expires_at <= now()')
      .execute();
    return result.affected ?? 0;
  }
}
