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
