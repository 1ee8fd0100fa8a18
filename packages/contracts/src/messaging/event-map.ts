import type { Type } from '@nestjs/common';
import { fieldsOf } from '../common/fields-of.js';
import { jobsEvents } from '../jobs/jobs.events.js';
import { postsEvents } from '../posts/posts.events.js';
import { usersEvents } from '../users/users.events.js';

/**
 * Events by name (`<noun>.<past verb>`), each with the class of its payload. A payload grows by optional fields only; an
 * event that changes its meaning gets a new name.
 */
export const EVENTS = { ...jobsEvents, ...postsEvents, ...usersEvents };

export type EventName = keyof typeof EVENTS;

export type EventMap = { [E in EventName]: InstanceType<(typeof EVENTS)[E]> };

export interface EventEnvelope<E extends EventName = EventName> {
  /** The id of its outbox row, a UUIDv7: the same in every delivery. */
  id: string;
  event: E;
  version: 1;
  /** ISO 8601, UTC. */
  occurredAt: string;
  /** The request that caused the event. */
  requestId: string | null;
  /** W3C trace context. */
  traceparent?: string;
  /** The id of the aggregate. Events of one aggregate are published in order. */
  aggregateId: string;
  data: EventMap[E];
}

/** The id of the aggregate of an event. @throws Error when the payload has none */
export function aggregateIdOf<E extends EventName>(event: E, data: EventMap[E]): string {
  const id = (data as unknown as Record<string, unknown>)[aggregateFieldOf(event)];
  if (typeof id !== 'number' && typeof id !== 'string')
    throw new Error(`The payload of ${event} has no ${aggregateFieldOf(event)}`);
  return String(id);
}

/** The fields of the payload of an event. */
export function payloadFieldsOf(event: EventName): string[] {
  return fieldsOf(EVENTS[event] as Type<object>);
}

/** The field of the payload that is the id of its aggregate: `id`, or the first field that ends in `Id`. */
export function aggregateFieldOf(event: EventName): string {
  const fields = payloadFieldsOf(event);
  const field = fields.find((name) => name === 'id') ?? fields.find((name) => name.endsWith('Id'));
  if (!field) throw new Error(`The payload of ${event} has no field "id" or "…Id" that names its aggregate`);
  return field;
}
