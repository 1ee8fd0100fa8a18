import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import {
  Catch,
  Controller,
  type ExceptionFilter,
  type INestMicroservice,
  Logger,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@repo/contracts';
import { requestContext, runInContext, UnavailableError } from '@repo/core';
import { waitFor } from '@repo/core/testing';
import { Database, DatabaseModule } from '@repo/database';
import { throwError } from 'rxjs';
import { v7 as uuid } from 'uuid';
import {
  DeadLetters,
  Inbox,
  InboxMessage,
  MessagingModule,
  NatsClient,
  NatsTransport,
  OnEvent,
  OutboxMessage,
  pruneInbox,
} from './index.js';
import { NatsServer } from './testing/nats-server.js';
import { createTestSchema, Effect, type TestSchema } from './testing/test-schema.js';

@Catch()
class Rethrow implements ExceptionFilter {
  catch(error: unknown) {
    return throwError(() => error);
  }
}

/** What the handler does before its effect. */
let obstacle: (event: EventEnvelope) => void = () => undefined;
const attempts: string[] = [];
const traces: unknown[] = [];
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

@Controller()
class Messages {
  constructor(private readonly inbox: Inbox) {}

  @OnEvent('tier.assigned')
  async onTierAssigned(@Payload() event: EventEnvelope<'tier.assigned'>) {
    const text = `${event.data.userId} ${event.data.tierId} ${requestContext()!.requestId}`;
    attempts.push(text);
    traces.push(requestContext()!.traceparent);
    obstacle(event);
    await this.inbox.once(event, async (tx) => {
      await tx.manager.insert(Effect, { text });
    });
  }
}

/** Another feature of the same service that hears the same event. */
const heardByOther: string[] = [];
let otherFailsOnce = false;

@Controller()
class OtherMessages {
  constructor(private readonly inbox: Inbox) {}

  @OnEvent('tier.assigned')
  async onTierAssigned(@Payload() event: EventEnvelope<'tier.assigned'>) {
    if (otherFailsOnce) {
      otherFailsOnce = false;
      throw new Error('not yet');
    }
    await this.inbox.once(event, async () => void heardByOther.push(String(event.data.userId)), 'other');
  }
}

let server: NatsServer;
let schema: TestSchema;
let consumer: INestMicroservice;
let writer: INestMicroservice;

async function startService(service: string, controllers: Type[]): Promise<INestMicroservice> {
  const module = {
    module: class {},
    imports: [
      DatabaseModule.forRoot(schema.options),
      MessagingModule.forRoot({ service, nats: { url: server.url }, eventBackOffMs: [20, 40] }),
    ],
    controllers,
  };
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(module, {
    useFactory: (strategy: NatsTransport) => ({ strategy }),
    inject: [NatsTransport],
    logger: false,
  });
  app.useGlobalFilters(new Rethrow());
  await app.listen();
  await waitFor(() => app.get(NatsClient).connected);
  return app;
}

const emit = (userId: number, tierId: number) =>
  runInContext({ requestId: 'r-1', traceparent: TRACE }, () =>
    writer.get(Database).transaction((tx) => tx.emit('tier.assigned', { userId, tierId })),
  );

/** Publishes past the outbox, so that only JetStream delivers. */
async function publish(payload: object | string, id = uuid()): Promise<string> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  await jetstream(writer.get(NatsClient).connection).publish('events.tier.assigned', text, { msgID: id });
  return id;
}

const envelope = (userId: number, tierId: number, id = uuid()): EventEnvelope<'tier.assigned'> => ({
  id,
  event: 'tier.assigned',
  version: 1,
  occurredAt: new Date().toISOString(),
  requestId: 'r-1',
  aggregateId: String(userId),
  data: { userId, tierId },
});

const letters = async () => (await consumer.get(DeadLetters).list()).data;

/** Nothing is left for the consumer to do: the outbox has passed on what the test emitted, and the stream delivered it. */
const idle = () =>
  waitFor(async () => {
    if (await schema.dataSource.getRepository(OutboxMessage).exists()) return false;
    const manager = await jetstream(writer.get(NatsClient).connection).jetstreamManager();
    const info = await manager.consumers.info('EVENTS', 'posts_tier_assigned');
    return info.num_pending === 0 && info.num_ack_pending === 0;
  });

describe('Events', () => {
  beforeAll(async () => {
    Logger.overrideLogger(false);
    [server, schema] = await Promise.all([NatsServer.start(), createTestSchema()]);
    [writer, consumer] = await Promise.all([
      startService('users', []),
      startService('posts', [Messages, OtherMessages]),
    ]);
    await emit(0, 0);
  });
  beforeEach(async () => {
    obstacle = () => undefined;
    await idle();
    attempts.length = 0;
    heardByOther.length = 0;
    await schema.dataSource.getRepository(Effect).clear();
  });
  afterAll(async () => {
    await Promise.all([writer.close(), consumer.close()]);
    await Promise.all([schema.drop(), server.remove()]);
  });

  it('are applied by live consumers when the transaction that caused them returns', async () => {
    await emit(1, 2);

    expect(await schema.effects()).toEqual(['1 2 r-1']);
    expect(traces.at(-1)).toBe(TRACE);
  });

  it('reach every feature that hears them, once each, though one has to be tried again', async () => {
    otherFailsOnce = true;

    await emit(3, 2);
    await waitFor(() => heardByOther.length > 0);
    await idle();

    expect([await schema.effects(), heardByOther]).toEqual([['3 2 r-1'], ['3']]);
  });

  it('are applied once, however often they are delivered', async () => {
    const event = envelope(1, 2);

    await Promise.all([publish(event), publish(event), publish(event)]);
    await waitFor(() => attempts.length >= 3);
    await idle();

    expect(await schema.effects()).toEqual(['1 2 r-1']);
  });

  it('come again after a pause when their handler failed', async () => {
    obstacle = () => {
      if (attempts.length < 3) throw new Error('not yet');
    };

    await publish(envelope(1, 2));
    await waitFor(async () => (await schema.effects()).length === 1);

    expect(attempts).toHaveLength(3);
  });

  it('are given up when every attempt failed, hold up nothing meanwhile, and can be replayed', async () => {
    obstacle = ({ data }) => {
      if ((data as { tierId: number }).tierId === 13) throw new Error('bad luck');
    };
    const event = envelope(1, 13);
    await publish(event);
    await publish(envelope(2, 1));
    await waitFor(async () => (await letters()).length === 1 && (await schema.effects()).length === 1);

    expect(await schema.effects()).toEqual(['2 1 r-1']);
    expect(await letters()).toMatchObject([
      { eventId: event.id, event: 'tier.assigned', attempts: 3, error: expect.stringContaining('bad luck') },
    ]);
    const deadLetters = consumer.get(DeadLetters);
    expect(await deadLetters.replay('all')).toEqual([
      { eventId: event.id, event: 'tier.assigned', error: 'bad luck' },
    ]);
    expect(await letters()).toMatchObject([{ attempts: 4, error: 'bad luck' }]);

    obstacle = () => undefined;
    expect(await deadLetters.replay({ eventId: event.id })).toEqual([
      { eventId: event.id, event: 'tier.assigned' },
    ]);

    expect(await letters()).toEqual([]);
    expect(await schema.effects()).toEqual(['2 1 r-1', '1 13 r-1']);
    await expect(deadLetters.replay({ eventId: event.id })).rejects.toMatchObject({ status: 404 });
  });

  it('are not given up for what is not their fault', async () => {
    obstacle = () => {
      if (attempts.length < 6) throw new UnavailableError();
    };

    await publish(envelope(1, 2));
    await waitFor(async () => (await schema.effects()).length === 1);

    expect(await letters()).toEqual([]);
  });

  it.each([
    ['no JSON', 'nonsense \0'],
    ['another kind of event', JSON.stringify({ ...envelope(1, 2), event: 'user.created' })],
    ['a payload about something else', JSON.stringify({ ...envelope(1, 2), aggregateId: '3' })],
    ['a payload about nothing', JSON.stringify({ ...envelope(1, 2), data: {} })],
    ['a version from the future', JSON.stringify({ ...envelope(1, 2), version: 2 })],
  ])('that nobody can understand are dead letters at once: %s', async (_name, text) => {
    await publish(text);
    await waitFor(async () => (await letters()).length === 1);

    expect(attempts).toEqual([]);
    await schema.dataSource.query('DELETE FROM test.dead_letters');
  });

  it('whose payload breaks its rules are dead letters at once, with the reason', async () => {
    const event = { ...envelope(1, 2), data: { userId: 1, tierId: 'gold' } };

    await publish(event);
    await waitFor(async () => (await letters()).length === 1);

    expect(await letters()).toMatchObject([
      {
        eventId: event.id,
        attempts: 1,
        error: expect.stringContaining(
          'The payload of tier.assigned breaks its rules: tierId: Input should be a valid integer',
        ),
      },
    ]);
    expect(attempts).toEqual([]);
    await schema.dataSource.query('DELETE FROM test.dead_letters');
  });

  it('may carry fields that this version does not know', async () => {
    await publish({ ...envelope(1, 2), data: { userId: 1, tierId: 2, since: 'today' } });
    await waitFor(async () => (await schema.effects()).length === 1);

    expect(await letters()).toEqual([]);
  });

  it('about the same thing are handled one after another', async () => {
    for (let tierId = 0; tierId < 30; tierId++) await publish(envelope(1, tierId));
    await waitFor(async () => (await schema.effects()).length === 30);

    expect(await schema.effects()).toEqual([...Array(30).keys()].map((tierId) => `1 ${tierId} r-1`));
  });

  it('are forgotten by the inbox when the stream cannot deliver them any more', async () => {
    const inbox = schema.dataSource.getRepository(InboxMessage);
    const receivedAt = new Date(Date.now() - 9 * 86_400_000);
    await inbox.insert({ eventId: 'old', consumer: 'posts', receivedAt });
    await inbox.insert({ eventId: 'new', consumer: 'posts' });

    expect(await pruneInbox(schema.dataSource)).toBe(1);

    expect(await inbox.existsBy({ eventId: 'old' })).toBe(false);
    expect(await inbox.existsBy({ eventId: 'new' })).toBe(true);
  });

  it('that were emitted while NATS was away arrive when it is back', async () => {
    await server.kill();
    await waitFor(() => !writer.get(NatsClient).connected);
    await emit(1, 2);
    expect(await schema.effects()).toEqual([]);

    await server.restart();
    await waitFor(async () => (await schema.effects()).length === 1);
  });
});
