import { Injectable } from '@nestjs/common';
import { type ListRateLimitsQuery, type Page, RateLimitRead } from '@repo/contracts';
import { type ColumnsOf, Database, type Table, type Transaction } from '@repo/database';
import { User } from '../users/user.entity.js';
import { RateLimit } from './rate-limit.entity.js';

export type NewRateLimit = Pick<RateLimit, 'tierId' | 'name' | 'path' | 'limit' | 'period'>;
export type RateLimitChanges = Partial<Omit<NewRateLimit, 'tierId'>>;

@Injectable()
export class RateLimitsRepository {
  private readonly limits: Table<RateLimit>;

  constructor(database: Database) {
    this.limits = database.table(RateLimit);
  }

  findInTier(tierId: number, id: number): Promise<RateLimit | null> {
    return this.limits.findOne({ tierId, id });
  }

  findPage(tierId: number, query: ListRateLimitsQuery): Promise<Page<ColumnsOf<RateLimit, RateLimitRead>>> {
    return this.limits.findPage(query, { select: RateLimitRead, where: { tierId } });
  }

  findAllOfTier(tierId: number): Promise<RateLimit[]> {
    return this.limits.findMany({ tierId });
  }

  /** The limits of the tier of a user. */
  findAllOfUser(userId: number, path?: string): Promise<RateLimit[]> {
    const query = this.limits
      .query('rate_limit')
      .innerJoin(User, 'user', 'user.tier_id = rate_limit.tier_id AND user.id = :userId', { userId })
      .orderBy('rate_limit.id');
    if (path !== undefined) query.where('rate_limit.path = :path', { path });
    return query.getMany();
  }

  findByPath(tierId: number, path: string): Promise<RateLimit | null> {
    return this.limits.findOne({ tierId, path });
  }

  findByName(name: string): Promise<RateLimit | null> {
    return this.limits.findOne({ name });
  }

  insert(limit: NewRateLimit, tx: Transaction): Promise<RateLimit> {
    return this.limits.in(tx).insert(limit);
  }

  async update(id: number, changes: RateLimitChanges, tx: Transaction): Promise<void> {
    await this.limits.in(tx).update({ id }, changes);
  }

  async hardDelete(id: number, tx: Transaction): Promise<void> {
    await this.limits.in(tx).hardDelete({ id });
  }
}
