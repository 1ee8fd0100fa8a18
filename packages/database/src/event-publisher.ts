import type { EventEnvelope, EventMap, EventName } from '@repo/contracts';
import type { EntityTarget } from 'typeorm';

/** A row of the outbox. */
export interface OutboxRow {
  id: string;
  event: string;
  aggregateId: string;
  /** `EventEnvelope` as JSON. */
  envelope: string;
}

/** An event without its payload. */
export type EventHeader<E extends EventName = EventName> = Omit<EventEnvelope<E>, 'aggregateId' | 'data'>;

/** The events whose payload has columns of `T` only. */
export type EventAbout<T> = { [E in EventName]: T extends EventMap[E] ? E : never }[EventName];

/** Creates events, and publishes them after the commit. `MessagingModule` implements it. */
export interface EventPublisher {
  /** The entity of the outbox. */
  readonly entity: EntityTarget<OutboxRow>;
  /** Size of the longest envelope that can be published. */
  readonly maxEnvelopeBytes: number;
  header<E extends EventName>(event: E): EventHeader<E>;
  /** Resolves when the running consumers have applied the event. */
  committed(envelope: EventEnvelope): Promise<void>;
}
