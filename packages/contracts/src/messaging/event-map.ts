import type { Revocation } from './auth.requests.js';
import type { UserSnapshot } from './users.requests.js';

/** A password was changed; the session it was changed in may live on. */
export interface PasswordChanged {
  userId: number;
  keepSessionId: string | null;
}

/** A user has another tier, or none. */
export interface TierAssigned {
  userId: number;
  tierId: number | null;
}

/** The limits of a tier are other ones now, or the tier is gone. */
export interface RateLimitsChanged {
  tierId: number;
}

/** What other services may know of a post. */
export interface PostSnapshot {
  id: number;
  createdByUserId: number;
}

/** What other services may know of a task. */
export interface TaskSnapshot {
  id: string;
  createdByUserId: number | null;
}

/** How a task ended. */
export interface TaskFinished extends TaskSnapshot {
  status: 'completed' | 'failed' | 'cancelled';
}

/**
 * The facts that services tell each other: `<noun>.<past verb>`. A payload grows by optional fields only; a fact
 * that changes its meaning gets a new name.
 */
export interface EventMap {
  'user.created': UserSnapshot;
  'user.updated': UserSnapshot;
  /** Soft: the row and everything the user owns are still there. */
  'user.deleted': UserSnapshot;
  /** Hard: everything the user owns has to go, in every service. */
  'user.erased': UserSnapshot;
  'user.password-changed': PasswordChanged;
  'user.privileges-changed': UserSnapshot;

  'tier.assigned': TierAssigned;
  'rate-limits.changed': RateLimitsChanged;

  'session.revoked': Revocation;

  'post.created': PostSnapshot;
  'post.updated': PostSnapshot;
  'post.deleted': PostSnapshot;

  'task.created': TaskSnapshot;
  'task.finished': TaskFinished;
}

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
  /** The id of what the event is about, as text. */
  aggregateId: string;
  data: EventMap[E];
}
