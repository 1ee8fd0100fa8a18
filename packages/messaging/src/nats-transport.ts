import { Logger } from '@nestjs/common';
import {
  BaseRpcContext,
  type CustomTransportStrategy,
  type MessageHandler,
  Server,
} from '@nestjs/microservices';
import type { Msg } from '@nats-io/transport-node';
import type { EventEnvelope } from '@repo/contracts';
import { AppError, InFlight, InvalidInputError, UnavailableError } from '@repo/core';
import { asUnavailable } from '@repo/database';
import { runInSpan } from '@repo/observability';
import { lastValueFrom } from 'rxjs';
import { EventConsumer, type EventConsumerDependencies } from './event-consumer.js';
import { eventTopic } from './event-envelope.js';
import { incomingContext } from './message-headers.js';
import type { NatsSubscription } from './nats-client.js';
import type { ReplicaBus } from './replica-bus.js';
import { type Reply, requestSubject } from './requests.js';

/** Marks handlers as meant for this transport. */
export const NATS_TRANSPORT = Symbol('nats');

/** Requests that one process works on at a time; more are refused, so that callers need not wait in vain. */
const MAX_IN_FLIGHT = 256;
const CLOSE_TIMEOUT_MS = 8_000;

export interface NatsTransportDependencies extends EventConsumerDependencies {
  bus: ReplicaBus;
}

/** Lets Nest's `@MessagePattern` answer requests and its `@EventPattern` hear events, on the process's connection. */
export class NatsTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = NATS_TRANSPORT;
  /** What an event handler fails with decides whether the event comes again. */
  override readonly propagatesEventHandlerErrors = true;
  protected override readonly logger = new Logger(NatsTransport.name);
  private readonly inFlight = new InFlight();
  private readonly consumers: EventConsumer[] = [];
  private subscriptions: NatsSubscription[] = [];
  private stopListening: (() => void)[] = [];

  constructor(private readonly dependencies: NatsTransportDependencies) {
    super();
  }

  override addHandler(name: string, handler: MessageHandler, isEventHandler = false, extras = {}): void {
    // Nest would chain those who hear the same event: one call of the first, and no word on who failed.
    if (isEventHandler) this.dependencies.dispatcher.register(name, (event) => this.run(handler, event));
    else super.addHandler(name, handler, isEventHandler, extras);
  }

  override listen(callback: () => void): void {
    const { nats, service, dispatcher } = this.dependencies;
    for (const [name, handler] of this.messageHandlers) {
      const onMessage = (message: Msg) => void this.inFlight.track(this.answer(name, handler, message));
      this.subscriptions.push(nats.subscribe(requestSubject(name), { queue: service, onMessage }));
    }
    for (const event of dispatcher.events) {
      const onMessage = (envelope: EventEnvelope) => this.dependencies.dispatcher.dispatch(envelope);
      this.stopListening.push(
        this.dependencies.bus.listen(eventTopic(event), { onMessage, background: true }),
      );
      const consumer = new EventConsumer(event, this.dependencies);
      consumer.start();
      this.consumers.push(consumer);
    }
    callback();
  }

  /** Takes no more, and finishes and answers what it has begun. */
  override async close(): Promise<void> {
    const { nats } = this.dependencies;
    for (const stop of this.stopListening) stop();
    const consumersClosed = this.consumers.map((consumer) => consumer.close());
    if (nats.connected) await Promise.all(this.subscriptions.map((subscription) => subscription.drain()));
    await Promise.all([...consumersClosed, this.inFlight.settled(CLOSE_TIMEOUT_MS)]);
    if (nats.connected) await nats.connection.flush().catch(() => undefined);
  }

  override on(): never {
    throw new Error('Listen to NatsClient instead');
  }

  override unwrap<T>(): T {
    return this.dependencies.nats as T;
  }

  private async answer(name: string, handler: MessageHandler, message: Msg): Promise<void> {
    const reply = await this.replyTo(name, handler, message);
    if (this.dependencies.nats.connected) message.respond(JSON.stringify(reply));
  }

  private async replyTo(name: string, handler: MessageHandler, message: Msg): Promise<Reply> {
    if (this.inFlight.size >= MAX_IN_FLIGHT) return { error: new UnavailableError().toJSON() };
    try {
      const context = incomingContext(message.headers);
      const data = await runInSpan(name, 'server', context, () => this.run(handler, payloadOf(message)));
      return { data: data ?? null };
    } catch (error) {
      return { error: this.known(error).toJSON() };
    }
  }

  private async run(handler: MessageHandler, payload: unknown): Promise<unknown> {
    const result: unknown = await handler(payload, new BaseRpcContext([]));
    return lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }

  private known(error: unknown): AppError {
    const known = error instanceof AppError ? error : asUnavailable(error);
    if (known) return known;
    this.logger.error(error);
    return new AppError(500, 'Internal Server Error');
  }
}

function payloadOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    throw new InvalidInputError([
      { loc: ['body'], type: 'json_invalid', msg: 'The message is not valid JSON' },
    ]);
  }
}
