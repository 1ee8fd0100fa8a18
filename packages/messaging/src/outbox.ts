import type { EventEnvelope, EventMap, EventName } from '@repo/contracts';
import { requestContext } from '@repo/core';
import type { EventWriter, Transaction } from '@repo/database';
import { v7 as uuid } from 'uuid';
import { aggregateIdOf, eventTopic } from './event-envelope.js';
import { OutboxMessage } from './outbox-message.entity.js';
import type { OutboxRelay } from './outbox-relay.js';
import type { ReplicaBus } from './replica-bus.js';

/**
 * Implements `tx.emit`: inserts the event into the outbox. After the commit the event is also broadcast to
 * the running replicas of its consumers, and `transaction()` returns when they have applied it.
 */
export class Outbox implements EventWriter {
  constructor(
    private readonly relay: OutboxRelay,
    private readonly bus: ReplicaBus,
  ) {}

  async write<E extends EventName>(tx: Transaction, event: E, data: EventMap[E]): Promise<void> {
    const envelope: EventEnvelope<E> = {
      id: uuid(),
      event,
      version: 1,
      occurredAt: new Date().toISOString(),
      requestId: requestContext()?.requestId ?? null,
      traceparent: requestContext()?.traceparent,
      aggregateId: aggregateIdOf(event, data),
      data,
    };
    const { id, aggregateId } = envelope;
    tx.insertLast(OutboxMessage, { id, event, aggregateId, envelope: JSON.stringify(envelope) });
    tx.afterCommit(() => {
      this.relay.wake();
      return this.bus.broadcast(eventTopic(event), envelope);
    });
  }
}
