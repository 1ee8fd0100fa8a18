import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventEnvelope } from '@repo/contracts';
import { responseSaver } from '@repo/database';
import { createTestTables, type TestTables } from '@repo/database/testing';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { messagingEntities } from './index.js';
import { OutboxMessage } from './outbox-message.entity.js';
import type { OutboxRelay } from './outbox-relay.js';
import { Outbox } from './outbox.js';
import type { ReplicaBus } from './replica-bus.js';

/** A row whose columns are the payload of `user.created`. */
@Entity('accounts')
class Account {
  @PrimaryColumn({ type: 'int', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: number;

  @Column({ type: 'text' })
  username: string;

  @Column({ type: 'boolean', default: false })
  isSuperuser: boolean;

  @Column({ type: 'int', nullable: true })
  tierId: number | null;

  @Column({ type: 'boolean', default: false })
  deleted: boolean;

  @Column({ type: 'int', default: 1 })
  version: number;
}

let tables: TestTables;
let broadcasts: [string, unknown][];
let wakes: number;

const nameOf = ({ username }: Account) => username;
const create = (username: string) =>
  tables.database.insertAndEmit(Account, { username }, 'user.created', nameOf);
const stored = async () => {
  const rows = await tables.dataSource.getRepository(OutboxMessage).find({ order: { seq: 'ASC' } });
  return rows.map(({ id, event, aggregateId, envelope }) => ({
    id,
    event,
    aggregateId,
    envelope: JSON.parse(envelope) as EventEnvelope<'user.created'>,
  }));
};

describe('Outbox', () => {
  beforeAll(async () => {
    tables = await createTestTables([...messagingEntities, Account]);
    const relay = { wake: () => (wakes += 1) } as unknown as OutboxRelay;
    const bus = {
      broadcast: async (topic: string, message: unknown) => void broadcasts.push([topic, message]),
    } as unknown as ReplicaBus;
    tables.database.useEventPublisher(new Outbox(relay, bus));
  });
  beforeEach(async () => {
    broadcasts = [];
    wakes = 0;
    await tables.dataSource.getRepository(OutboxMessage).clear();
    await tables.dataSource.getRepository(Account).clear();
  });
  afterAll(() => tables.drop());

  it('stores a row and its event in one statement, the same event as in a transaction', async () => {
    expect(await create('ann')).toBe('ann');
    await tables.database.transaction(async (tx) => {
      const account = await tables.database.table(Account).in(tx).insert({ username: 'bob' });
      await tx.emit('user.created', { ...account });
    });

    const [one, other] = await stored();
    const { id } = (await tables.database.table(Account).findOne({ username: 'ann' }))!;
    expect(one!.envelope).toEqual({
      ...other!.envelope,
      id: one!.id,
      occurredAt: expect.any(String),
      aggregateId: String(id),
      data: { id, username: 'ann', isSuperuser: false, tierId: null, deleted: false, version: 1 },
    });
    expect(one).toMatchObject({ event: 'user.created', aggregateId: String(id) });
    expect(wakes).toBe(2);
    expect(broadcasts[0]).toEqual(['event.user.created', one!.envelope]);
  });

  it('stores and publishes nothing when the row violates a constraint', async () => {
    await create('ann');

    await expect(create(null as unknown as string)).rejects.toThrow('null value');
    expect(await stored()).toHaveLength(1);
    expect(wakes).toBe(1);
  });

  it('stores a change and its event in one statement, and nothing when no row matches', async () => {
    const { database } = tables;
    const { id } = await database.table(Account).insert({ username: 'ann' });
    const user = { id, username: 'eve', isSuperuser: false, tierId: null, deleted: false, version: 2 };
    const rename = (from: string) =>
      database.updateAndEmit(Account, { username: from }, { username: 'eve' }, 'user.updated', user);

    expect([await rename('ann'), await rename('ann')]).toEqual([true, false]);

    const rows = await database.query('SELECT id, username FROM test.accounts WHERE id = $1', [id]);
    expect(rows).toEqual([{ id, username: 'eve' }]);
    const events = await stored();
    expect(events).toMatchObject([
      { event: 'user.updated', aggregateId: String(id), envelope: { data: user } },
    ]);
    expect(broadcasts).toEqual([['event.user.updated', events[0]!.envelope]]);
  });

  it('refuses an event that is too large to be published, and stores nothing', async () => {
    const { database } = tables;
    const { id } = await database.table(Account).insert({ username: 'ann' });
    const username = 'é'.repeat(500_000);
    const user = { id, username, isSuperuser: false, tierId: null, deleted: false, version: 2 };
    const ways = [
      create(username),
      database.updateAndEmit(Account, { id }, { username }, 'user.updated', user),
      database.transaction(async (tx) => {
        await database.table(Account).in(tx).insert({ username: 'eve' });
        await tx.emit('user.created', user);
      }),
    ];

    for (const way of await Promise.allSettled(ways))
      expect(String((way as PromiseRejectedResult).reason)).toMatch(
        /^Error: The event user\.\w+ has 1000\d+ bytes, and at most 1000000 can be published$/,
      );

    expect(await database.table(Account).findMany({})).toMatchObject([{ username: 'ann' }]);
    expect(await stored()).toEqual([]);
  });

  it('saves the response to a request with an idempotency key in the same transaction', async () => {
    const saved: unknown[] = [];
    const failing = () => Promise.reject(new Error('The key is used'));

    await responseSaver.run(
      async (response) => void saved.push(response),
      () => create('ann'),
    );
    await expect(responseSaver.run(failing, () => create('bob'))).rejects.toThrow('The key is used');

    expect(saved).toEqual(['ann']);
    expect((await stored()).map(({ envelope }) => envelope.data.username)).toEqual(['ann']);
    expect(await tables.database.table(Account).count({})).toBe(1);
  });
});
