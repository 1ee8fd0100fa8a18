import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import type { EventEnvelope } from '@repo/contracts';
import { waitFor } from '@repo/core/testing';
import type { DataSource, EntityManager } from 'typeorm';
import { DeadLetter } from './dead-letter.entity.js';
import { DeadLetters } from './dead-letters.js';
import { EventDispatcher } from './event-dispatcher.js';
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

const messages = () => schema.dataSource.getRepository(OutboxMessage);
const emit = (userId: number, session: number) =>
  schema.database.transaction((tx) =>
    tx.emit('user.password-changed', { userId, keepSessionId: String(session) }),
  );
/** An event that was stored by a version without a limit. */
async function emitTooLarge(): Promise<OutboxMessage> {
  await emit(1, 0);
  const message = await messages().findOneOrFail({ where: {}, order: { seq: 'DESC' } });
  const envelope = message.envelope.replace('"0"', `"${'x'.repeat(2_000_000)}"`);
  return messages().save({ ...message, envelope });
}

const waiting = () => messages().count();

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
    await messages().clear();
    await schema.dataSource.getRepository(DeadLetter).clear();
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

  it('delays only the events of the same aggregate when NATS refuses an event', async () => {
    await emitTooLarge();
    for (let session = 0; session < 120; session++) await emit(1, session);
    await emit(2, 1);

    const relay = startRelay();
    await waitFor(async () => {
      relay.wake();
      return (await waiting()) === 121;
    });

    expect((await published()).map(({ data }) => data.userId)).toEqual([2]);
    const [stuck] = await messages().find({ order: { seq: 'ASC' }, take: 1 });
    expect(stuck!.lastError).toMatch(/max_payload/);
  });

  it('gives an event up that NATS refuses again and again, and publishes those behind it', async () => {
    const { id } = await emitTooLarge();
    await messages().update({ id }, { attempts: 4 });
    await emit(1, 1);
    await emit(1, 2);

    const relay = startRelay();
    await waitFor(async () => {
      relay.wake();
      return (await waiting()) === 0;
    });

    expect((await published()).map(({ data }) => data.keepSessionId)).toEqual(['1', '2']);
    const deadLetters = new DeadLetters(schema.database, new EventDispatcher(), relay, nats);
    const [letter] = (await deadLetters.list()).data;
    expect(letter).toMatchObject({ eventId: id, attempts: 5, error: expect.stringMatching(/max_payload/) });

    await schema.dataSource
      .getRepository(DeadLetter)
      .update({ id: letter!.id }, { envelope: letter!.envelope.replaceAll('x', '') });
    expect(await deadLetters.replay('all')).toEqual([{ eventId: id, event: 'user.password-changed' }]);
    await waitFor(async () => (await waiting()) === 0);

    expect((await published()).map(({ data }) => data.keepSessionId)).toEqual(['1', '2', '']);
    expect(await deadLetters.count()).toBe(0);
  });

  it('gives an event up that the service has no right to publish', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nats-rights-'));
    const login = { user: 'users', password: 'secret' };
    const permissions = { publish: { deny: ['events.user.password-changed'] } };
    const settings = { authorization: { users: [{ ...login, permissions }] } };
    await writeFile(join(folder, 'nats.conf'), JSON.stringify(settings));
    const strict = await NatsServer.start('-c', join(folder, 'nats.conf'));
    await nats.close();
    nats = new NatsClient({ service: 'users', url: strict.url, ...login });
    nats.start();
    try {
      await waitFor(() => nats.connected);
      await emit(1, 1);
      await messages().update({ attempts: 0 }, { attempts: 4 });

      const relay = startRelay();
      await waitFor(async () => {
        relay.wake();
        return (await waiting()) === 0;
      });

      const letters = await schema.dataSource.getRepository(DeadLetter).find();
      expect(letters).toMatchObject([{ consumer: 'outbox', error: expect.stringMatching(/permission/i) }]);
    } finally {
      await stopRelays();
      await strict.remove();
      await rm(folder, { recursive: true });
    }
  });

  it('never gives an event up while NATS does not answer', async () => {
    const relay = startRelay();
    await emit(1, 0);
    await waitFor(async () => {
      relay.wake();
      return (await waiting()) === 0;
    });
    server.freeze();
    await emit(1, 1);
    await messages().update({ attempts: 0 }, { attempts: 4 });
    await waitFor(async () => {
      relay.wake();
      const [message] = await messages().find();
      return message?.lastError;
    });

    server.thaw();
    await waitFor(async () => {
      relay.wake();
      return (await waiting()) === 0;
    });

    expect((await published()).map(({ data }) => data.keepSessionId)).toEqual(['0', '1']);
    expect(await schema.dataSource.getRepository(DeadLetter).count()).toBe(0);
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
