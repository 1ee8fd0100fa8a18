import { UserSnapshot } from '../messaging/users.requests.js';
import { IntField } from '../rules/number.fields.js';
import { StringField } from '../rules/string.fields.js';

/** A password was changed; the session it was changed in may live on. */
export class PasswordChanged {
  @IntField()
  userId: number;

  @StringField({ max: 64, nullable: true })
  keepSessionId: string | null;
}

/** A user has another tier, or none. */
export class TierAssigned {
  @IntField()
  userId: number;

  @IntField({ nullable: true })
  tierId: number | null;
}

/** Events that users publishes. */
export const usersEvents = {
  'user.created': UserSnapshot,
  'user.updated': UserSnapshot,
  /** Soft: the row and everything the user owns are still there. */
  'user.deleted': UserSnapshot,
  /** Hard: everything the user owns has to go, in every service. */
  'user.hard-deleted': UserSnapshot,
  'user.password-changed': PasswordChanged,
  'user.privileges-changed': UserSnapshot,

  'tier.assigned': TierAssigned,
};
