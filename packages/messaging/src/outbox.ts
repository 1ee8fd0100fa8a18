import type { EventEnvelope, EventName } from '@repo/contracts';
import { requestContext } from '@repo/core';
import type { EventHeader, EventPublisher } from '@repo/database';
import { v7 as uuid } from 'uuid';
import { eventTopic } from './event-envelope.js';
import { OutboxMessage } from './outbox-message.entity.js';
import type { OutboxRelay } from './outbox-relay.js';
import type { ReplicaBus } from './replica-bus.js';

/** Together with the headers less than NATS accepts (max_payload: 1 MiB, also its default). */
const MAX_ENVELOPE_BYTES = 1_000_000;

/**
 * Publishes the events of `tx.emit()`: after the commit, the relay sends the outbox to JetStream, and the event is
 * broadcast to the running replicas of its consumers.
 */
export class Outbox implements EventPublisher {
  readonly entity = OutboxMessage;
  readonly maxEnvelopeBytes = MAX_ENVELOPE_BYTES;

  constructor(
    private readonly relay: OutboxRelay,
    private readonly bus: ReplicaBus,
  ) {}

  header<E extends EventName>(event: E): EventHeader<E> {
    return {
      id: uuid(),
      event,
      version: 1,
      occurredAt: new Date().toISOString(),
      requestId: requestContext()?.requestId ?? null,
      traceparent: requestContext()?.traceparent,
    };
  }

  committed(envelope: EventEnvelope): Promise<void> {
    this.relay.wake();
    return this.bus.broadcast(eventTopic(envelope.event), envelope);
  }
}
