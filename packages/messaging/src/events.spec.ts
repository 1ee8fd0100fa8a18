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
  MessagingModule,
  NatsClient,
  NatsTransport,
  OnEvent,
  OutboxMessage,
  pruneInbox,
} from './index.js';
import { InboxMessage } from './inbox-message.entity.js';
import { NatsServer } from './testing/nats-server.js';
import { createTestSchema, Effect, type TestSchema } from './testing/test-schema.js';

@Catch()
class Rethrow implements ExceptionFilter {
  catch(error: unknown) {
    return throwError(() => error);
  }
}

/** Runs in the handler before its effect. */
let beforeEffect: (event: EventEnvelope) => void = () => undefined;
const attempts: string[] = [];
const traces: unknown[] = [];
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

@Controller()
class TierConsumer {
  constructor(private readonly inbox: Inbox) {}

  @OnEvent('user.password-changed')
  async onPasswordChanged(@Payload() event: EventEnvelope<'user.password-changed'>) {
    const text = `${event.data.userId} ${event.data.keepSessionId} ${requestContext()!.requestId}`;
    attempts.push(text);
    traces.push(requestContext()!.traceparent);
    beforeEffect(event);
    await this.inbox.once(event, async (tx) => {
      await tx.manager.insert(Effect, { text });
    });
  }
}

/** Applied by another feature of the same service. */
const appliedByOther: string[] = [];
let otherFailsOnce = false;

@Controller()
class OtherTierConsumer {
  constructor(private readonly inbox: Inbox) {}

  @OnEvent('user.password-changed')
  async onPasswordChanged(@Payload() event: EventEnvelope<'user.password-changed'>) {
    if (otherFailsOnce) {
      otherFailsOnce = false;
      throw new Error('not yet');
    }
    await this.inbox.once(event, async () => void appliedByOther.push(String(event.data.userId)), 'other');
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
      MessagingModule.forRoot({ service, url: server.url, eventBackOffMs: [20, 40] }),
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

const emit = (userId: number, session: number) =>
  runInContext({ requestId: 'r-1', traceparent: TRACE }, () =>
    writer
      .get(Database)
      .transaction((tx) => tx.emit('user.password-changed', { userId, keepSessionId: String(session) })),
  );

/** Publishes without the outbox and its broadcast, so that only JetStream delivers. */
async function publish(payload: object | string, id = uuid()): Promise<string> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  await jetstream(writer.get(NatsClient).connection).publish('events.user.password-changed', text, {
    msgID: id,
  });
  return id;
}

const envelope = (userId: number, session: number, id = uuid()): EventEnvelope<'user.password-changed'> => ({
  id,
  event: 'user.password-changed',
  version: 1,
  occurredAt: new Date().toISOString(),
  requestId: 'r-1',
  aggregateId: String(userId),
  data: { userId, keepSessionId: String(session) },
});

const letters = async () => (await consumer.get(DeadLetters).list()).data;

/** Resolves when the outbox is empty and the consumers have acknowledged all events. */
const idle = () =>
  waitFor(async () => {
    if (await schema.dataSource.getRepository(OutboxMessage).exists()) return false;
    const manager = await jetstream(writer.get(NatsClient).connection).jetstreamManager();
    const info = await manager.consumers.info('EVENTS', 'posts_user_password-changed');
    return info.num_pending === 0 && info.num_ack_pending === 0;
  });

describe('Events', () => {
  beforeAll(async () => {
    Logger.overrideLogger(false);
    [server, schema] = await Promise.all([NatsServer.start(), createTestSchema()]);
    [writer, consumer] = await Promise.all([
      startService('users', []),
      startService('posts', [TierConsumer, OtherTierConsumer]),
    ]);
    await emit(0, 0);
  });
  beforeEach(async () => {
    beforeEffect = () => undefined;
    await idle();
    attempts.length = 0;
    appliedByOther.length = 0;
    await schema.dataSource.getRepository(Effect).clear();
  });
  afterAll(async () => {
    await Promise.all([writer.close(), consumer.close()]);
    await Promise.all([schema.drop(), server.remove()]);
  });

  it('are applied by running consumers when the transaction that emits them returns', async () => {
    await emit(1, 2);

    expect(await schema.effects()).toEqual(['1 2 r-1']);
    expect(traces.at(-1)).toBe(TRACE);
  });

  it('are applied once by each feature that subscribes, also when one of them fails at first', async () => {
    otherFailsOnce = true;

    await emit(3, 2);
    await waitFor(() => appliedByOther.length > 0);
    await idle();

    expect([await schema.effects(), appliedByOther]).toEqual([['3 2 r-1'], ['3']]);
  });

  it('are applied once when they are delivered several times', async () => {
    const event = envelope(1, 2);

    await Promise.all([publish(event), publish(event), publish(event)]);
    await waitFor(() => attempts.length >= 3);
    await idle();

    expect(await schema.effects()).toEqual(['1 2 r-1']);
  });

  it('are delivered again after a pause when their handler has failed', async () => {
    beforeEffect = () => {
      if (attempts.length < 3) throw new Error('not yet');
    };

    await publish(envelope(1, 2));
    await waitFor(async () => (await schema.effects()).length === 1);

    expect(attempts).toHaveLength(3);
  });

  it('become dead letters after the last attempt, do not delay others, and can be replayed', async () => {
    beforeEffect = ({ data }) => {
      if ((data as { keepSessionId: string }).keepSessionId === '13') throw new Error('bad luck');
    };
    const event = envelope(1, 13);
    await publish(event);
    await publish(envelope(2, 1));
    await waitFor(async () => (await letters()).length === 1 && (await schema.effects()).length === 1);

    expect(await schema.effects()).toEqual(['2 1 r-1']);
    expect(await letters()).toMatchObject([
      {
        eventId: event.id,
        event: 'user.password-changed',
        attempts: 3,
        error: expect.stringContaining('bad luck'),
      },
    ]);
    const deadLetters = consumer.get(DeadLetters);
    expect(await deadLetters.replay('all')).toEqual([
      { eventId: event.id, event: 'user.password-changed', error: 'bad luck' },
    ]);
    expect(await letters()).toMatchObject([{ attempts: 4, error: 'bad luck' }]);

    beforeEffect = () => undefined;
    expect(await deadLetters.replay({ eventId: event.id })).toEqual([
      { eventId: event.id, event: 'user.password-changed' },
    ]);

    expect(await letters()).toEqual([]);
    expect(await schema.effects()).toEqual(['2 1 r-1', '1 13 r-1']);
    await expect(deadLetters.replay({ eventId: event.id })).rejects.toMatchObject({ status: 404 });
  });

  it('do not become dead letters while a dependency is unavailable', async () => {
    beforeEffect = () => {
      if (attempts.length < 6) throw new UnavailableError();
    };

    await publish(envelope(1, 2));
    await waitFor(async () => (await schema.effects()).length === 1);

    expect(await letters()).toEqual([]);
  });

  it.each([
    ['invalid JSON', 'nonsense \0'],
    ['another event', JSON.stringify({ ...envelope(1, 2), event: 'user.created' })],
    ['a payload of another aggregate', JSON.stringify({ ...envelope(1, 2), aggregateId: '3' })],
    ['a payload without an aggregate', JSON.stringify({ ...envelope(1, 2), data: {} })],
    ['a newer version of the envelope', JSON.stringify({ ...envelope(1, 2), version: 2 })],
  ])('become dead letters immediately when the envelope is invalid: %s', async (_name, text) => {
    await publish(text);
    await waitFor(async () => (await letters()).length === 1);

    expect(attempts).toEqual([]);
    await schema.dataSource.query('DELETE FROM test.dead_letters');
  });

  it('become dead letters immediately when the payload is invalid, with the reason', async () => {
    const event = { ...envelope(1, 2), data: { userId: 1, keepSessionId: 5 } };

    await publish(event);
    await waitFor(async () => (await letters()).length === 1);

    expect(await letters()).toMatchObject([
      {
        eventId: event.id,
        attempts: 1,
        error: expect.stringContaining(
          'The payload of user.password-changed is invalid: keepSessionId: Input should be a valid string',
        ),
      },
    ]);
    expect(attempts).toEqual([]);
    await schema.dataSource.query('DELETE FROM test.dead_letters');
  });

  it('are applied when the payload has unknown fields', async () => {
    await publish({ ...envelope(1, 2), data: { userId: 1, keepSessionId: '2', since: 'today' } });
    await waitFor(async () => (await schema.effects()).length === 1);

    expect(await letters()).toEqual([]);
  });

  it('of one aggregate are handled one after another', async () => {
    for (let session = 0; session < 30; session++) await publish(envelope(1, session));
    await waitFor(async () => (await schema.effects()).length === 30);

    expect(await schema.effects()).toEqual([...Array(30).keys()].map((session) => `1 ${session} r-1`));
  });

  it('are deleted from the inbox when the stream no longer delivers them', async () => {
    const inbox = schema.dataSource.getRepository(InboxMessage);
    const receivedAt = new Date(Date.now() - 9 * 86_400_000);
    await inbox.insert({ eventId: 'old', consumer: 'posts', receivedAt });
    await inbox.insert({ eventId: 'new', consumer: 'posts' });

    expect(await pruneInbox(schema.dataSource)).toBe(1);

    expect(await inbox.existsBy({ eventId: 'old' })).toBe(false);
    expect(await inbox.existsBy({ eventId: 'new' })).toBe(true);
  });

  it('are delivered after NATS is available again when it was unavailable', async () => {
    await server.kill();
    await waitFor(() => !writer.get(NatsClient).connected);
    await emit(1, 2);
    expect(await schema.effects()).toEqual([]);

    await server.restart();
    await waitFor(async () => (await schema.effects()).length === 1);
  });
});
