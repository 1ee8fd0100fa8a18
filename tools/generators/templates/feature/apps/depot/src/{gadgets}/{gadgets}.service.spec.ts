import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Cache } from '@repo/cache';
import { type Caller, NotFoundError, NotOwnerError } from '@repo/core';
import type { Database, Transaction } from '@repo/database';
import type { Gadget } from './{gadget}.entity.js';
import type { GadgetChanges, GadgetsRepository } from './{gadgets}.repository.js';
import { GadgetsService } from './{gadgets}.service.js';

const owner = { id: 1 } as Caller;
const other = { id: 2 } as Caller;
const stored = { id: 7, createdByUserId: owner.id, /* sample.row */ } as Gadget;

class FakeGadgets implements Pick<GadgetsRepository, 'findById' | 'update' | 'softDelete'> {
  readonly changes: GadgetChanges[] = [];
  readonly deleted: number[] = [];

  async findById(id: number): Promise<Gadget | null> {
    return id === stored.id ? stored : null;
  }

  async update(_id: number, changes: GadgetChanges): Promise<void> {
    this.changes.push(changes);
  }

  async softDelete(id: number): Promise<void> {
    this.deleted.push(id);
  }
}

const database = { transaction: (work: (tx: Transaction) => unknown) => work({} as Transaction) };
let gadgets: FakeGadgets;
let service: GadgetsService;

beforeEach(() => {
  gadgets = new FakeGadgets();
  service = new GadgetsService(
    gadgets as unknown as GadgetsRepository,
    database as unknown as Database,
    {} as Cache,
  );
});

describe('GadgetsService', () => {
  it('updates only the fields in the request', async () => {
    await service.update(stored.id, { /* first.name */: /* first.another */ }, owner);

    expect(gadgets.changes).toEqual([{ /* first.camel */: /* first.another */ }]);
  });

  it('updates nothing when the request is empty', async () => {
    await service.update(stored.id, {}, owner);

    expect(gadgets.changes).toEqual([]);
  });

  it('refuses changes and deletion by a user who is not the owner', async () => {
    await expect(service.update(stored.id, {}, other)).rejects.toThrow(NotOwnerError);
    await expect(service.softDelete(stored.id, other)).rejects.toThrow(NotOwnerError);

    expect([gadgets.changes, gadgets.deleted]).toEqual([[], []]);
  });

  it('throws NotFoundError when there is no such row', async () => {
    await expect(service.get(8)).rejects.toThrow(NotFoundError);
    await expect(service.softDelete(8, owner)).rejects.toThrow(NotFoundError);
  });
});
