import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import type { EventEnvelope, EventName } from '@repo/contracts';
import { AppError, InFlight } from '@repo/core';
import { asUnavailable } from '@repo/database';
import type { DeadLetters } from './dead-letters.js';
import type { EventDispatcher } from './event-dispatcher.js';
import { InvalidEventError, parseEnvelope } from './event-envelope.js';
import { declareConsumer } from './event-stream.js';
import type { NatsClient } from './nats-client.js';

/** Pauses, in ms, before an event that failed is tried again; after the last one it is a dead letter. */
export const EVENT_BACK_OFF_MS = [250, 1_000, 5_000, 15_000, 60_000, 60_000, 60_000];
/** Longest pause while it is not the event's fault: the database, or a service that is asked, is away. */
const PASSING_BACK_OFF_MS = 5_000;
const PREFETCH = 64;
const RETRY_MS = 250;
const CLOSE_TIMEOUT_MS = 8_000;

export interface EventConsumerDependencies {
  nats: NatsClient;
  dispatcher: EventDispatcher;
  deadLetters: DeadLetters;
  service: string;
  backOffMs: readonly number[];
}

/**
 * Takes one kind of event from JetStream until its handler has done its work. What fails comes again after a pause;
 * what fails too often for its own sake goes to the dead letters, and what breaks its rules at once.
 */
export class EventConsumer {
  private readonly logger = new Logger(EventConsumer.name);
  private readonly inFlight = new InFlight();
  private readonly stopping = new AbortController();
  private messages?: ConsumerMessages;
  private stopWatching: () => void = () => undefined;
  private loop?: Promise<void>;

  constructor(
    private readonly event: EventName,
    private readonly dependencies: EventConsumerDependencies,
  ) {}

  start(): void {
    // After a reconnection the stream may be another one: declare, and begin again.
    this.stopWatching = this.dependencies.nats.onConnected(() => void this.messages?.close());
    this.loop = this.run();
  }

  /** Finishes what runs, and gives back what it has not begun. */
  async close(): Promise<void> {
    this.stopping.abort();
    this.stopWatching();
    void this.messages?.close();
    await this.inFlight.settled(CLOSE_TIMEOUT_MS);
    await Promise.race([this.loop, delay(RETRY_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.consume();
      } catch (error) {
        if (this.dependencies.nats.connected) this.logger.warn(`${this.event}: ${String(error)}`);
      }
      await delay(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async consume(): Promise<void> {
    const { nats, service } = this.dependencies;
    const consumer = await declareConsumer(nats.connection, service, this.event);
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
      await this.dependencies.dispatcher.dispatch(envelope);
      message.ack();
    } catch (error) {
      await this.failed(message, envelope, error);
    }
  }

  private async failed(message: JsMsg, envelope: EventEnvelope | undefined, error: unknown): Promise<void> {
    const { backOffMs, deadLetters } = this.dependencies;
    const attempts = message.info.deliveryCount;
    this.logger.warn(`${this.event} ${envelope?.id ?? ''} failed (attempt ${attempts}): ${describe(error)}`);
    const pause = backOffMs[attempts - 1];
    if (isPassing(error))
      return message.nak(Math.min(pause ?? backOffMs.at(-1) ?? Infinity, PASSING_BACK_OFF_MS));
    if (pause !== undefined && !(error instanceof InvalidEventError)) return message.nak(pause);
    try {
      await deadLetters.keep({
        eventId: envelope?.id ?? `stream-sequence-${message.seq}`,
        event: this.event,
        envelope: message.string(),
        attempts,
        error: describe(error),
      });
      message.term();
    } catch (failure) {
      this.logger.error(failure, 'The dead letter could not be kept');
      message.nak(PASSING_BACK_OFF_MS);
    }
  }
}

function isPassing(error: unknown): boolean {
  return (error instanceof AppError && error.status === 503) || asUnavailable(error) !== undefined;
}

function describe(error: unknown): string {
  // What a filter has turned into a refusal still tells what it was.
  const origin = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return origin instanceof Error ? (origin.stack ?? origin.message) : JSON.stringify(origin);
}
