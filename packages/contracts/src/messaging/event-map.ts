import type { Type } from '@nestjs/common';
import { authEvents } from '../auth/auth.events.js';
import { jobsEvents } from '../jobs/jobs.events.js';
import { postsEvents } from '../posts/posts.events.js';
import { usersEvents } from '../users/users.events.js';

/**
 * The facts that services tell each other: `<noun>.<past verb>`, each in the file of the service that tells it, with
 * the class that says the rules of its payload; or with several, one of which it satisfies. A payload grows by
 * optional fields only; a fact that changes its meaning gets a new name.
 */
export const EVENTS = { ...authEvents, ...jobsEvents, ...postsEvents, ...usersEvents };

/** The name of an event. */
export type EventName = keyof typeof EVENTS;

/** What each event tells. */
export type EventMap = { [E in EventName]: PayloadOf<(typeof EVENTS)[E]> };

type PayloadOf<C> = C extends Type<infer T> | Type<infer T>[] ? T : never;

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
