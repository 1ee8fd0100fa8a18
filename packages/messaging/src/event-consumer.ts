import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import type { EventEnvelope, EventName } from '@repo/contracts';
import { AppError, InFlight, withDeadline } from '@repo/core';
import { asUnavailable } from '@repo/database';
import type { DeadLetters } from './dead-letters.js';
import type { EventDispatcher } from './event-dispatcher.js';
import { InvalidEventError, parseEnvelope } from './event-envelope.js';
import { declareConsumer } from './event-stream.js';
import type { NatsClient } from './nats-client.js';

/** Longest pause between attempts while the database or another service is unavailable. */
const UNAVAILABLE_BACK_OFF_MS = 5_000;
const BACK_OFF_MS = [250, 1_000, 5_000, 15_000, 60_000, 60_000, 60_000];
const PREFETCH = 64;
const RETRY_MS = 250;
const CLOSE_TIMEOUT_MS = 8_000;

/**
 * Receives one kind of event from JetStream and dispatches it. A failed event is delivered again after a
 * pause. It becomes a dead letter after the last attempt, or immediately if it is invalid. While the database
 * or another service is unavailable, it is delivered again without limit.
 */
export class EventConsumer {
  private readonly logger = new Logger(EventConsumer.name);
  private readonly inFlight = new InFlight();
  private readonly stopping = new AbortController();
  private messages?: ConsumerMessages;
  private readonly loop: Promise<void>;

  constructor(
    private readonly event: EventName,
    private readonly nats: NatsClient,
    private readonly dispatcher: EventDispatcher,
    private readonly deadLetters: DeadLetters,
  ) {
    // After a reconnection the server may have lost the stream, so the consumer is declared again.
    nats.on('connected', () => void this.messages?.close());
    this.loop = this.run();
  }

  /** Waits for running handlers, and returns the other fetched messages to the stream. */
  async close(): Promise<void> {
    this.stopping.abort();
    void this.messages?.close();
    await this.inFlight.settled(CLOSE_TIMEOUT_MS);
    await withDeadline(this.loop, RETRY_MS);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.consume();
      } catch (error) {
        if (this.nats.connected) this.logger.warn(`${this.event}: ${String(error)}`);
      }
      await delay(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async consume(): Promise<void> {
    const { connection, service, options } = this.nats;
    const consumer = await declareConsumer(connection, service, this.event, options.streamReplicas);
    this.messages = await consumer.consume({
      max_messages: PREFETCH,
      expires: 10_000,
      idle_heartbeat: 5_000,
      abort_on_missing_resource: true,
    });
    for await (const message of this.messages) {
      if (this.stopping.signal.aborted) message.nak();
      else void this.inFlight.track(this.handle(message));
      if (this.inFlight.size >= PREFETCH) await this.inFlight.next();
    }
  }

  private async handle(message: JsMsg): Promise<void> {
    let envelope: EventEnvelope | undefined;
    try {
      envelope = parseEnvelope(message.string(), this.event);
      await this.dispatcher.dispatch(envelope);
      message.ack();
    } catch (error) {
      await this.onFailure(message, envelope, error);
    }
  }

  private async onFailure(
    message: JsMsg,
    envelope: EventEnvelope | undefined,
    error: unknown,
  ): Promise<void> {
    const { eventBackOffMs: backOffMs = BACK_OFF_MS } = this.nats.options;
    const attempts = message.info.deliveryCount;
    this.logger.warn(`${this.event} ${envelope?.id ?? ''} failed (attempt ${attempts}): ${describe(error)}`);
    const pause = backOffMs[attempts - 1];
    if ((error instanceof AppError && error.status === 503) || asUnavailable(error))
      return message.nak(Math.min(pause ?? backOffMs.at(-1) ?? Infinity, UNAVAILABLE_BACK_OFF_MS));
    if (pause !== undefined && !(error instanceof InvalidEventError)) return message.nak(pause);
    try {
      await this.deadLetters.store({
        eventId: envelope?.id ?? `stream-sequence-${message.seq}`,
        event: this.event,
        envelope: message.string(),
        attempts,
        error: describe(error),
      });
      message.term();
    } catch (failure) {
      this.logger.error(failure, 'The dead letter could not be stored');
      message.nak(UNAVAILABLE_BACK_OFF_MS);
    }
  }
}

/** The stack of the original error, also if a filter has replaced it with an AppError. */
function describe(error: unknown): string {
  const origin = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return origin instanceof Error ? (origin.stack ?? origin.message) : JSON.stringify(origin);
}
