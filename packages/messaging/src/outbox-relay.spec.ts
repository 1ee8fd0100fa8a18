import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import type { EventEnvelope } from '@repo/contracts';
import { waitFor } from '@repo/core/testing';
import type { DataSource, EntityManager } from 'typeorm';
import { EVENT_STREAM } from './event-stream.js';
import { NatsClient } from './nats-client.js';
import { OutboxMessage } from './outbox-message.entity.js';
import { OutboxRelay } from './outbox-relay.js';
import { Outbox } from './outbox.js';
import type { ReplicaBus } from './replica-bus.js';
import { NatsServer } from './testing/nats-server.js';
import { createTestSchema, type TestSchema } from './testing/test-schema.js';

const noRelay = { wake: () => undefined } as OutboxRelay;
const noBus = { broadcast: () => Promise.resolve() } as unknown as ReplicaBus;

let server: NatsServer;
let schema: TestSchema;
let nats: NatsClient;
const relays: OutboxRelay[] = [];

function startRelay(dataSource: DataSource = schema.dataSource): OutboxRelay {
  const relay = new OutboxRelay(nats, dataSource);
  relay.start();
  relays.push(relay);
  return relay;
}

async function stopRelays() {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
}

const emit = (userId: number, session: number) =>
  schema.database.transaction((tx) =>
    tx.emit('user.password-changed', { userId, keepSessionId: String(session) }),
  );
const waiting = () => schema.dataSource.getRepository(OutboxMessage).count();

/** The events in the stream, in order. */
async function published(): Promise<EventEnvelope<'user.password-changed'>[]> {
  const stream = await jetstream(nats.connection)
    .jetstreamManager()
    .then((manager) => manager.streams.info(EVENT_STREAM));
  const count = stream.state.messages;
  if (count === 0) return [];
  const consumer = await jetstream(nats.connection).consumers.get(EVENT_STREAM, {
    filter_subjects: 'events.>',
  });
  const envelopes: EventEnvelope<'user.password-changed'>[] = [];
  for await (const message of await consumer.fetch({ max_messages: count, expires: 2_000 }))
    envelopes.push(message.json());
  return envelopes;
}

describe('OutboxRelay', () => {
  beforeAll(async () => {
    Logger.overrideLogger(false);
    schema = await createTestSchema();
    schema.database.useEventPublisher(new Outbox(noRelay, noBus));
  });
  beforeEach(async () => {
    server = await NatsServer.start();
    nats = new NatsClient({ service: 'users', url: server.url });
    nats.start();
    await waitFor(() => nats.connected);
  });
  afterEach(async () => {
    await stopRelays();
    await nats.close();
    await server.remove();
    await schema.dataSource.getRepository(OutboxMessage).clear();
  });
  afterAll(() => schema.drop());

  it('publishes events of committed transactions only', async () => {
    await emit(1, 1);
    await schema.database
      .transaction(async (tx) => {
        await tx.emit('user.password-changed', { userId: 1, keepSessionId: '2' });
        throw new Error('no');
      })
      .catch(() => undefined);

    startRelay();
    await waitFor(async () => (await waiting()) === 0);

    expect((await published()).map(({ data }) => data)).toEqual([{ userId: 1, keepSessionId: '1' }]);
  });

  it('keeps the order of the events of an aggregate while several relays run', async () => {
    for (let session = 0; session < 40; session++) {
      await schema.database.transaction(async (tx) => {
        for (let userId = 0; userId < 10; userId++)
          await tx.emit('user.password-changed', { userId, keepSessionId: String(session) });
      });
    }

    for (let i = 0; i < 3; i++) startRelay();
    await waitFor(async () => (await waiting()) === 0);

    const events = await published();
    expect(events).toHaveLength(400);
    for (let userId = 0; userId < 10; userId++) {
      const sessions = events
        .filter(({ data }) => data.userId === userId)
        .map(({ data }) => Number(data.keepSessionId));
      expect(sessions).toEqual([...Array(40).keys()]);
    }
  });

  it('does not publish later events of an aggregate while one is locked by another relay', async () => {
    for (let session = 0; session < 5; session++) await emit(1, session);
    let relay!: OutboxRelay;
    await schema.dataSource.transaction(async (manager) => {
      const [, , third] = await manager.find(OutboxMessage, { order: { seq: 'ASC' } });
      await manager.findOne(OutboxMessage, {
        where: { seq: third!.seq },
        lock: { mode: 'pessimistic_write' },
      });
      relay = startRelay();
      await waitFor(async () => (await waiting()) < 5);

      expect((await published()).map(({ data }) => Number(data.keepSessionId))).toEqual([0, 1]);
    });

    await waitFor(async () => {
      relay.wake();
      return (await waiting()) === 0;
    });
    expect((await published()).map(({ data }) => Number(data.keepSessionId))).toEqual([0, 1, 2, 3, 4]);
  });

  it('publishes events again with the same id when the transaction fails after publishing', async () => {
    await emit(1, 1);
    await emit(2, 2);
    let crashes = 0;
    const crashing = Object.create(schema.dataSource, {
      transaction: {
        value: (work: (manager: EntityManager) => Promise<unknown>) =>
          schema.dataSource.transaction(async (manager) => {
            await work(manager);
            crashes++;
            throw new Error('The process exits between publishing and the commit');
          }),
      },
    }) as DataSource;
    startRelay(crashing);
    await waitFor(() => crashes > 0);
    await stopRelays();
    expect(await waiting()).toBe(2);

    startRelay();
    await waitFor(async () => (await waiting()) === 0);

    expect((await published()).map(({ data }) => data.userId).sort()).toEqual([1, 2]);
  });

  it('delays only the events of the same aggregate when an event cannot be published', async () => {
    const tooLong = 'x'.repeat(2_000_000);
    await schema.dataSource.getRepository(OutboxMessage).insert({
      id: '01890000-0000-7000-8000-000000000000',
      event: 'user.password-changed',
      aggregateId: '1',
      envelope: tooLong,
    });
    for (let session = 0; session < 120; session++) await emit(1, session);
    await emit(2, 1);

    const relay = startRelay();
    await waitFor(async () => {
      relay.wake();
      return (await waiting()) === 121;
    });

    expect((await published()).map(({ data }) => data.userId)).toEqual([2]);
    const [stuck] = await schema.dataSource
      .getRepository(OutboxMessage)
      .find({ order: { seq: 'ASC' }, take: 1 });
    expect(stuck!.lastError).toMatch(/max_payload/);
  });

  it('stores events while NATS is unavailable and publishes them when it is available again', async () => {
    startRelay();
    await server.kill();
    await waitFor(() => !nats.connected);
    await emit(1, 1);
    await emit(1, 2);
    expect(await waiting()).toBe(2);

    await server.restart();
    await waitFor(async () => (await waiting()) === 0);

    expect((await published()).map(({ data }) => Number(data.keepSessionId))).toEqual([1, 2]);
  });
});
