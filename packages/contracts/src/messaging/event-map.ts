import type { AuthEvents } from '../auth/auth.events.js';
import type { JobsEvents } from '../jobs/jobs.events.js';
import type { PostsEvents } from '../posts/posts.events.js';
import type { UsersEvents } from '../users/users.events.js';

/**
 * The facts that services tell each other: `<noun>.<past verb>`, each in the file of the service that tells it. A
 * payload grows by optional fields only; a fact that changes its meaning gets a new name.
 */
export type EventMap = AuthEvents & JobsEvents & PostsEvents & UsersEvents;

/** The name of an event. */
export type EventName = keyof EventMap;

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
