import { Injectable } from '@nestjs/common';
import { Cache, cacheKey } from '@repo/cache';
import type { CreateGadgetDto, GadgetRead, ListGadgetsQuery, Page, UpdateGadgetDto } from '@repo/contracts';
import { type Caller, NotFoundError, NotOwnerError } from '@repo/core';
import { type ColumnsOf, Database, mapPage, type Transaction } from '@repo/database';
import type { Gadget } from './{gadget}.entity.js';
import { type GadgetChanges, GadgetsRepository } from './{gadgets}.repository.js';

@Injectable()
export class GadgetsService {
  constructor(
    private readonly gadgets: GadgetsRepository,
    private readonly database: Database,
    private readonly cache: Cache,
  ) {}

  async create(dto: CreateGadgetDto, caller: Caller): Promise<GadgetRead> {
    return this.database.transaction(async (tx) => {
      const gadget = await this.gadgets.insert({ createdByUserId: caller.id, /* dto.values */ }, tx);
      // Its 404 may be cached.
      tx.afterCommit(() => this.cache.invalidate(cacheKey`<gadget>:${gadget.id}`));
      return tx.saveResponse(toGadgetRead(gadget));
    });
  }

  async list(query: ListGadgetsQuery): Promise<Page<GadgetRead>> {
    return mapPage(await this.gadgets.findPage(query), toGadgetRead);
  }

  async get(id: number): Promise<GadgetRead> {
    return toGadgetRead(await this.getLive(id));
  }

  async update(id: number, dto: UpdateGadgetDto, caller: Caller): Promise<void> {
    const gadget = await this.getOwned(id, caller);
    const changes: GadgetChanges = {
      /* dto.changes */
    };
    if (Object.keys(changes).length === 0) return;
    await this.database.transaction((tx) => this.gadgets.update(gadget.id, changes, tx));
  }

  /** The row stays in the table; reads skip it. */
  async softDelete(id: number, caller: Caller): Promise<void> {
    const gadget = await this.getOwned(id, caller);
    await this.database.transaction((tx) => this.gadgets.softDelete(gadget.id, tx));
  }

  async hardDelete(id: number): Promise<void> {
    const wasThere = await this.database.transaction((tx) => this.gadgets.hardDelete(id, tx));
    if (!wasThere) throw new NotFoundError('~Gadget~ not found');
  }

  /** Deletes all that a user created. */
  async hardDeleteOfUser(userId: number, tx: Transaction): Promise<void> {
    await this.gadgets.hardDeleteOfUser(userId, tx);
    tx.afterCommit(() => this.cache.invalidate('<gadgets>', '<gadget>'));
  }

  private async getLive(id: number): Promise<Gadget> {
    const gadget = await this.gadgets.findById(id);
    if (!gadget) throw new NotFoundError('~Gadget~ not found');
    return gadget;
  }

  private async getOwned(id: number, caller: Caller): Promise<Gadget> {
    const gadget = await this.getLive(id);
    if (gadget.createdByUserId !== caller.id) throw new NotOwnerError();
    return gadget;
  }
}

function toGadgetRead(row: ColumnsOf<Gadget, GadgetRead>): GadgetRead {
  return { id: row.id, /* read.values */, created_by_user_id: row.createdByUserId, created_at: row.createdAt };
}
