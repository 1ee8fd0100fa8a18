import { Injectable } from '@nestjs/common';
import type { CreateTierDto, ListTiersQuery, Page, TierRead, UpdateTierDto } from '@repo/contracts';
import { ConflictError, NotFoundError, UnprocessableError } from '@repo/core';
import { type ColumnsOf, Database, mapPage, violates } from '@repo/database';
import { ReplicaBus } from '@repo/messaging';
import { RATE_LIMITS_TOPIC } from '@repo/rate-limit';
import type { Tier } from './tier.entity.js';
import { TiersRepository } from './tiers.repository.js';

@Injectable()
export class TiersService {
  constructor(
    private readonly tiers: TiersRepository,
    private readonly database: Database,
    private readonly bus: ReplicaBus,
  ) {}

  async create({ name }: CreateTierDto): Promise<TierRead> {
    return toTierRead(await translateTaken(() => this.tiers.insert(name)));
  }

  async list(query: ListTiersQuery): Promise<Page<TierRead>> {
    return mapPage(await this.tiers.findPage(query), toTierRead);
  }

  async getRead(name: string): Promise<TierRead> {
    return toTierRead(await this.get(name));
  }

  async get(name: string): Promise<Tier> {
    const tier = await this.tiers.findByName(name);
    if (!tier) throw new NotFoundError('Tier not found');
    return tier;
  }

  async getById(id: number): Promise<Tier> {
    const tier = await this.tiers.findById(id);
    if (!tier) throw new NotFoundError('Tier not found');
    return tier;
  }

  async update(name: string, changes: UpdateTierDto): Promise<void> {
    const tier = await this.get(name);
    const newName = changes.name;
    if (newName !== undefined) await translateTaken(() => this.tiers.rename(tier.id, newName));
  }

  /** Hard delete, with the limits of the tier. @throws ConflictError while a user has the tier */
  async hardDelete(name: string): Promise<void> {
    const tier = await this.get(name);
    try {
      await this.database.transaction(async (tx) => {
        await this.tiers.hardDelete(tier.id, tx);
        tx.afterCommit(() => this.bus.broadcast(RATE_LIMITS_TOPIC, {}));
      });
    } catch (error) {
      if (violates(error, 'fk_users_tier')) throw new ConflictError('Tier is in use');
      throw error;
    }
  }
}

function toTierRead({ id, name, createdAt }: ColumnsOf<Tier, TierRead>): TierRead {
  return { name, id, created_at: createdAt };
}

async function translateTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violates(error, 'uq_tiers_name')) throw new UnprocessableError('Tier Name not available');
    throw error;
  }
}
