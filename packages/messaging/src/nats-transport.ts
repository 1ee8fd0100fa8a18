import { Injectable, Logger } from '@nestjs/common';
import {
  BaseRpcContext,
  type CustomTransportStrategy,
  type MessageHandler,
  Server,
} from '@nestjs/microservices';
import type { Msg } from '@nats-io/transport-node';
import type { EventEnvelope } from '@repo/contracts';
import { AppError, InFlight, InvalidInputError, UnavailableError } from '@repo/core';
import { runInSpan } from '@repo/observability';
import { lastValueFrom } from 'rxjs';
import { DeadLetters } from './dead-letters.js';
import { EventConsumer } from './event-consumer.js';
import { EventDispatcher } from './event-dispatcher.js';
import { eventTopic } from './event-envelope.js';
import { incomingContext } from './message-headers.js';
import { NatsClient } from './nats-client.js';
import { ReplicaBus } from './replica-bus.js';
import { type Reply, requestSubject } from './requests.js';

export const NATS_TRANSPORT = Symbol('nats');

/** Limit of concurrent requests per process; further ones are refused immediately instead of timing out. */
const MAX_IN_FLIGHT = 256;
const CLOSE_TIMEOUT_MS = 8_000;

/** Nest transport for `@OnRequest` and `@OnEvent` on the NATS connection of the process. */
@Injectable()
export class NatsTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = NATS_TRANSPORT;
  /** EventConsumer delivers an event again when its handler throws. */
  override readonly propagatesEventHandlerErrors = true;
  protected override readonly logger = new Logger(NatsTransport.name);
  private readonly inFlight = new InFlight();
  private readonly consumers: EventConsumer[] = [];
  private drains: (() => Promise<void>)[] = [];
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly nats: NatsClient,
    private readonly bus: ReplicaBus,
    private readonly dispatcher: EventDispatcher,
    private readonly deadLetters: DeadLetters,
  ) {
    super();
  }

  override addHandler(name: string, handler: MessageHandler, isEventHandler = false, extras = {}): void {
    // Nest chains the handlers of one event and hides which of them failed. The dispatcher calls each one.
    if (isEventHandler) this.dispatcher.register(name, (event) => this.run(handler, event));
    else super.addHandler(name, handler, isEventHandler, extras);
  }

  override listen(callback: () => void): void {
    const { nats, dispatcher, deadLetters } = this;
    for (const [name, handler] of this.messageHandlers) {
      const onMessage = (message: Msg) => void this.inFlight.track(this.respond(name, handler, message));
      this.drains.push(nats.subscribe(requestSubject(name), onMessage, nats.service));
    }
    for (const event of dispatcher.events) {
      const onMessage = (envelope: EventEnvelope) => dispatcher.dispatch(envelope);
      this.stopListening.push(this.bus.listen(eventTopic(event), { onMessage, background: true }));
      this.consumers.push(new EventConsumer(event, nats, dispatcher, deadLetters));
    }
    callback();
  }

  /** Accepts no more messages, and waits for those in progress. */
  override async close(): Promise<void> {
    const { nats } = this;
    for (const stop of this.stopListening) stop();
    const consumersClosed = this.consumers.map((consumer) => consumer.close());
    if (nats.connected) await Promise.all(this.drains.map((drain) => drain()));
    await Promise.all([...consumersClosed, this.inFlight.settled(CLOSE_TIMEOUT_MS)]);
    if (nats.connected) await nats.connection.flush().catch(() => undefined);
  }

  override on(): never {
    throw new Error('NatsTransport has no events: use those of NatsClient');
  }

  override unwrap<T>(): T {
    return this.nats as T;
  }

  private async respond(name: string, handler: MessageHandler, message: Msg): Promise<void> {
    const reply = await this.replyTo(name, handler, message);
    if (this.nats.connected) message.respond(JSON.stringify(reply));
  }

  private async replyTo(name: string, handler: MessageHandler, message: Msg): Promise<Reply> {
    if (this.inFlight.size >= MAX_IN_FLIGHT) return { error: new UnavailableError().toJSON() };
    try {
      const context = incomingContext(message.headers);
      const data = await runInSpan(name, 'server', context, () => this.run(handler, payloadOf(message)));
      return { data: data ?? null };
    } catch (error) {
      if (error instanceof AppError) return { error: error.toJSON() };
      this.logger.error(error);
      return { error: new AppError(500, 'Internal Server Error').toJSON() };
    }
  }

  private async run(handler: MessageHandler, payload: unknown): Promise<unknown> {
    const result: unknown = await handler(payload, new BaseRpcContext([]));
    return lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }
}

function payloadOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    throw new InvalidInputError({
      loc: ['body'],
      type: 'json_invalid',
      msg: 'The message is not valid JSON',
    });
  }
}
