import { Injectable } from '@nestjs/common';
import type { Transaction } from '@repo/runtime/database';
import { DataSource, IsNull, MoreThan, Not } from 'typeorm';
import { RefreshToken } from './refresh-token.entity.js';
import { Session } from './session.entity.js';

const LIVE = () => ({ revokedAt: IsNull(), expiresAt: MoreThan(new Date()) });

@Injectable()
export class SessionsRepository {
  constructor(private readonly dataSource: DataSource) {}

  findLive(id: string): Promise<Session | null> {
    return this.dataSource.manager.findOneBy(Session, { id, ...LIVE() });
  }

  findLiveOfUser(userId: number): Promise<Session[]> {
    return this.dataSource.manager.find(Session, {
      where: { userId, ...LIVE() },
      order: { createdAt: 'DESC' },
      take: 100,
    });
  }

  async insert(
    session: Pick<Session, 'id' | 'userId' | 'ip' | 'userAgent' | 'expiresAt'>,
    tx: Transaction,
  ): Promise<void> {
    await tx.manager.insert(Session, session);
  }

  async insertToken(
    token: Pick<RefreshToken, 'id' | 'sessionId' | 'issuedAt'>,
    tx: Transaction,
  ): Promise<void> {
    await tx.manager.insert(RefreshToken, token);
  }

  /** The live session, locked: of two refreshes at once the second waits for the first. */
  lockLive(id: string, tx: Transaction): Promise<Session | null> {
    return tx.manager.findOne(Session, { where: { id, ...LIVE() }, lock: { mode: 'pessimistic_write' } });
  }

  findToken(id: string, tx: Transaction): Promise<RefreshToken | null> {
    return tx.manager.findOneBy(RefreshToken, { id });
  }

  async replaceToken(id: string, successorId: string, tx: Transaction): Promise<void> {
    await tx.manager.update(RefreshToken, { id }, { usedAt: new Date(), successorId });
  }

  async touch(id: string, expiresAt: Date, tx: Transaction): Promise<void> {
    await tx.manager.update(Session, { id }, { lastUsedAt: new Date(), expiresAt });
  }

  /** @returns the ids of the sessions that this ended */
  async revoke(
    where: { id: string } | { userId: number; except?: string | null },
    tx: Transaction,
  ): Promise<string[]> {
    const criteria =
      'id' in where
        ? { id: where.id }
        : { userId: where.userId, ...(where.except && { id: Not(where.except) }) };
    const live = await tx.manager.find(Session, {
      where: { ...criteria, ...LIVE() },
      lock: { mode: 'pessimistic_write' },
      select: { id: true },
    });
    const ids = live.map(({ id }) => id);
    if (ids.length > 0) {
      await tx.manager
        .createQueryBuilder()
        .update(Session)
        .set({ revokedAt: new Date() })
        .whereInIds(ids)
        .execute();
    }
    return ids;
  }

  async deleteOfUser(userId: number, tx: Transaction): Promise<void> {
    await tx.manager.delete(Session, { userId });
  }

  /** @returns how many */
  async deleteExpired(): Promise<number> {
    const result = await this.dataSource
      .createQueryBuilder()
      .delete()
      .from(Session)
      .where(`expires_at < now() OR revoked_at < now() - interval '1 day'`)
      .execute();
    return result.affected ?? 0;
  }
}
