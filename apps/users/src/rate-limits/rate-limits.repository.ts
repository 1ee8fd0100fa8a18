import { Injectable } from '@nestjs/common';
import { type Page, type PageRequest, paginate, type Transaction } from '@repo/runtime/database';
import { DataSource, type EntityManager, type Repository } from 'typeorm';
import { User } from '../users/user.entity.js';
import { RateLimit } from './rate-limit.entity.js';

export type NewRateLimit = Pick<RateLimit, 'tierId' | 'name' | 'path' | 'limit' | 'period'>;
export type RateLimitChanges = Partial<Omit<NewRateLimit, 'tierId'>>;

@Injectable()
export class RateLimitsRepository {
  constructor(private readonly dataSource: DataSource) {}

  findInTier(tierId: number, id: number): Promise<RateLimit | null> {
    return this.limits().findOneBy({ tierId, id });
  }

  findPage(tierId: number, request: PageRequest): Promise<Page<RateLimit>> {
    return paginate(
      this.limits().createQueryBuilder('rate_limit').where('rate_limit.tier_id = :tierId', { tierId }),
      request,
    );
  }

  findAllOfTier(tierId: number): Promise<RateLimit[]> {
    return this.limits().find({ where: { tierId }, order: { id: 'ASC' } });
  }

  /** The limits of the tier that a user has. */
  findAllOfUser(userId: number, path?: string): Promise<RateLimit[]> {
    const query = this.limits()
      .createQueryBuilder('rate_limit')
      .innerJoin(User, 'user', 'user.tier_id = rate_limit.tier_id AND user.id = :userId', { userId })
      .orderBy('rate_limit.id');
    if (path !== undefined) query.where('rate_limit.path = :path', { path });
    return query.getMany();
  }

  findByPath(tierId: number, path: string): Promise<RateLimit | null> {
    return this.limits().findOneBy({ tierId, path });
  }

  findByName(name: string): Promise<RateLimit | null> {
    return this.limits().findOneBy({ name });
  }

  async insert(limit: NewRateLimit, tx: Transaction): Promise<RateLimit> {
    const { identifiers } = await this.limits(tx.manager).insert(limit);
    return this.limits(tx.manager).findOneByOrFail({ id: identifiers[0]!.id as number });
  }

  async update(id: number, changes: RateLimitChanges, tx: Transaction): Promise<void> {
    await this.limits(tx.manager).update({ id }, changes);
  }

  async hardDelete(id: number, tx: Transaction): Promise<void> {
    await this.limits(tx.manager).delete({ id });
  }

  private limits(manager: EntityManager = this.dataSource.manager): Repository<RateLimit> {
    return manager.getRepository(RateLimit);
  }
}
