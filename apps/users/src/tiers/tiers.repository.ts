import { Injectable } from '@nestjs/common';
import { type ListTiersQuery, type Page, TierRead } from '@repo/contracts';
import { type ColumnsOf, Database, type Table, type Transaction } from '@repo/database';
import { Tier } from './tier.entity.js';

@Injectable()
export class TiersRepository {
  private readonly tiers: Table<Tier>;

  constructor(database: Database) {
    this.tiers = database.table(Tier);
  }

  findById(id: number): Promise<Tier | null> {
    return this.tiers.findOne({ id });
  }

  findByName(name: string): Promise<Tier | null> {
    return this.tiers.findOne({ name });
  }

  findPage(query: ListTiersQuery): Promise<Page<ColumnsOf<Tier, TierRead>>> {
    return this.tiers.findPage(query, { select: TierRead });
  }

  insert(name: string): Promise<Tier> {
    return this.tiers.insert({ name });
  }

  /** @returns false when the name is taken */
  insertIfNew(name: string): Promise<boolean> {
    return this.tiers.insertIfNew({ name });
  }

  async rename(id: number, name: string): Promise<void> {
    await this.tiers.update({ id }, { name });
  }

  async hardDelete(id: number, tx: Transaction): Promise<void> {
    await this.tiers.in(tx).hardDelete({ id });
  }
}
