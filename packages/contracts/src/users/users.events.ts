import type { UserSnapshot } from '../messaging/users.requests.js';

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

/** What users tells. */
export interface UsersEvents {
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
}
