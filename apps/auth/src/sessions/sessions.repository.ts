import { Injectable } from '@nestjs/common';
import { Database, type Table, type Transaction } from '@repo/database';
import { RefreshToken } from './refresh-token.entity.js';
import { Session } from './session.entity.js';

type NewSession = Pick<Session, 'id' | 'userId' | 'ip' | 'userAgent' | 'expiresAt'>;

const live = () => ({ revokedAt__is_null: true, expiresAt__gt: new Date() });

@Injectable()
export class SessionsRepository {
  private readonly sessions: Table<Session>;
  private readonly tokens: Table<RefreshToken>;

  constructor(private readonly database: Database) {
    this.sessions = database.table(Session);
    this.tokens = database.table(RefreshToken);
  }

  findLive(id: string): Promise<Session | null> {
    return this.sessions.findOne({ id, ...live() });
  }

  findLiveOfUser(userId: number): Promise<Session[]> {
    return this.sessions.findMany({ userId, ...live() }, { sort: '-createdAt', limit: 100 });
  }

  /** Inserts a session with its first token, in one statement: every login waits for it. */
  async insert(
    { id, userId, ip, userAgent, expiresAt }: NewSession,
    token: Pick<RefreshToken, 'id' | 'issuedAt'>,
  ): Promise<void> {
    const { dataSource } = this.database;
    const sessions = dataSource.getMetadata(Session).tablePath;
    const tokens = dataSource.getMetadata(RefreshToken).tablePath;
    await this.database.query(
      `WITH session AS (
         INSERT INTO ${sessions} (id, user_id, ip, user_agent, expires_at) VALUES ($1, $2, $3, $4, $5) RETURNING id
       )
       INSERT INTO ${tokens} (id, session_id, issued_at) SELECT $6, id, $7 FROM session`,
      [id, userId, ip, userAgent, expiresAt, token.id, token.issuedAt],
    );
  }

  async insertToken(
    token: Pick<RefreshToken, 'id' | 'sessionId' | 'issuedAt'>,
    tx: Transaction,
  ): Promise<void> {
    await this.tokens.in(tx).insert(token);
  }

  /** Locks the live session: of two parallel refreshes the second waits for the first. */
  lockLive(id: string, tx: Transaction): Promise<Session | null> {
    return this.sessions.in(tx).findOne({ id, ...live() }, { lock: true });
  }

  findToken(id: string, tx: Transaction): Promise<RefreshToken | null> {
    return this.tokens.in(tx).findOne({ id });
  }

  /** Times of use are compared by the clock of PostgreSQL, because the clocks of replicas may differ. */
  async replaceToken(id: string, successorId: string, tx: Transaction): Promise<void> {
    await this.tokens.in(tx).update({ id }, { usedAt: () => 'clock_timestamp()', successorId });
  }

  /** Whether the token was used more than that many seconds ago. */
  async wasUsedBefore(id: string, seconds: number, tx: Transaction): Promise<boolean> {
    const condition =
      'token.id = :id AND token.used_at < clock_timestamp() - make_interval(secs => :seconds)';
    return this.tokens.in(tx).query('token').where(condition, { id, seconds }).getExists();
  }

  async touch(id: string, expiresAt: Date, tx: Transaction): Promise<void> {
    await this.sessions.in(tx).update({ id }, { lastUsedAt: new Date(), expiresAt });
  }

  /** @returns the ids of the sessions that were live */
  async revoke(
    where: { id: string } | { userId: number; except?: string | null },
    tx: Transaction,
  ): Promise<string[]> {
    const conditions =
      'id' in where ? where : { userId: where.userId, ...(where.except && { id__ne: where.except }) };
    const found = await this.sessions.in(tx).findMany({ ...conditions, ...live() }, { lock: true });
    const ids = found.map(({ id }) => id);
    if (ids.length > 0) await this.sessions.in(tx).update({ id__in: ids }, { revokedAt: new Date() });
    return ids;
  }

  async hardDeleteAllOfUser(userId: number, tx: Transaction): Promise<void> {
    await this.sessions.in(tx).hardDelete({ userId });
  }

  /** @returns the number of deleted sessions */
  async deleteExpired(): Promise<number> {
    const { affected } = await this.sessions
      .query('session')
      .delete()
      .where(`expires_at < now() OR revoked_at < now() - interval '1 day'`)
      .execute();
    return affected ?? 0;
  }
}
