import type { Type } from '@nestjs/common';
import { jobsEvents } from '../jobs/jobs.events.js';
import { postsEvents } from '../posts/posts.events.js';
import { usersEvents } from '../users/users.events.js';

/**
 * Events: `<noun>.<past verb>`, each in the file of the service that publishes it, with the class that declares the rules
 * of its payload. A payload grows by optional fields only; an event that changes its meaning gets a new name.
 */
export const EVENTS = { ...jobsEvents, ...postsEvents, ...usersEvents };

/** The name of an event. */
export type EventName = keyof typeof EVENTS;

/** The payload of each event. */
export type EventMap = { [E in EventName]: PayloadOf<(typeof EVENTS)[E]> };

type PayloadOf<C> = C extends Type<infer T> ? T : never;

/** An event on its way. */
export interface EventEnvelope<E extends EventName = EventName> {
  /** The id of its outbox row, a UUIDv7: the same in every delivery. */
  id: string;
  event: E;
  version: 1;
  /** ISO 8601, UTC. */
  occurredAt: string;
  /** The request that caused it. */
  requestId: string | null;
  /** Its place in a trace, as in W3C Trace Context. */
  traceparent?: string;
  /** The id of what the event is about, as text. */
  aggregateId: string;
  data: EventMap[E];
}
