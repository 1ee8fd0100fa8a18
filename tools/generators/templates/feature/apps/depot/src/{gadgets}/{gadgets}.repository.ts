import { Injectable } from '@nestjs/common';
import { GadgetRead, type ListGadgetsQuery, type Page } from '@repo/contracts';
import { type ColumnsOf, Database, type Table, type Transaction } from '@repo/database';
import { Gadget } from './{gadget}.entity.js';

export type NewGadget = Pick<Gadget, 'createdByUserId' | /* entity.keys */>;
export type GadgetChanges = Partial<Omit<NewGadget, 'createdByUserId'>>;

@Injectable()
export class GadgetsRepository {
  private readonly gadgets: Table<Gadget>;

  constructor(database: Database) {
    this.gadgets = database.table(Gadget);
  }

  findById(id: number): Promise<Gadget | null> {
    return this.gadgets.findOne({ id });
  }

  findPage(query: ListGadgetsQuery): Promise<Page<ColumnsOf<Gadget, GadgetRead>>> {
    return this.gadgets.findPage(query, { select: GadgetRead });
  }

  insert(gadget: NewGadget, tx: Transaction): Promise<Gadget> {
    return this.gadgets.in(tx).insert(gadget);
  }

  async update(id: number, changes: GadgetChanges, tx: Transaction): Promise<void> {
    await this.gadgets.in(tx).update({ id }, changes);
  }

  async softDelete(id: number, tx: Transaction): Promise<void> {
    await this.gadgets.in(tx).softDelete({ id });
  }

  /** Returns whether there was such a row, soft-deleted or not. */
  async hardDelete(id: number, tx: Transaction): Promise<boolean> {
    return (await this.gadgets.in(tx).hardDelete({ id })) > 0;
  }

  async hardDeleteOfUser(createdByUserId: number, tx: Transaction): Promise<void> {
    await this.gadgets.in(tx).hardDelete({ createdByUserId });
  }
}
