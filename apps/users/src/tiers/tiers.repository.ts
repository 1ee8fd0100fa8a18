import { Injectable } from '@nestjs/common';
import { type Page, type PageRequest, paginate, type Transaction } from '@repo/runtime/database';
import { DataSource, type EntityManager, type Repository } from 'typeorm';
import { Tier } from './tier.entity.js';

@Injectable()
export class TiersRepository {
  constructor(private readonly dataSource: DataSource) {}

  findById(id: number): Promise<Tier | null> {
    return this.tiers().findOneBy({ id });
  }

  findByName(name: string): Promise<Tier | null> {
    return this.tiers().findOneBy({ name });
  }

  findPage(request: PageRequest): Promise<Page<Tier>> {
    return paginate(this.tiers().createQueryBuilder('tier'), request);
  }

  async insert(name: string): Promise<Tier> {
    const { identifiers } = await this.tiers().insert({ name });
    return this.tiers().findOneByOrFail({ id: identifiers[0]!.id as number });
  }

  async rename(id: number, name: string): Promise<void> {
    await this.tiers().update({ id }, { name });
  }

  async hardDelete(id: number, tx: Transaction): Promise<void> {
    await this.tiers(tx.manager).delete({ id });
  }

  private tiers(manager: EntityManager = this.dataSource.manager): Repository<Tier> {
    return manager.getRepository(Tier);
  }
}
