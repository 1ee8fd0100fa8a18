import { PickType } from '@nestjs/swagger';
import { ChangePassword, UserSnapshot } from '../messaging/users.requests.js';
import { IntField } from '../rules/index.js';

/** Data of `user.password-changed`. */
export class PasswordChanged extends PickType(ChangePassword, ['userId', 'keepSessionId']) {}

/** Data of `tier.assigned`. */
export class TierAssigned {
  @IntField()
  userId: number;

  @IntField({ nullable: true })
  tierId: number | null;
}

/** Events of the users service. */
export const usersEvents = {
  'user.created': UserSnapshot,
  'user.updated': UserSnapshot,
  /** Soft delete: the row and the data of the user stay. */
  'user.deleted': UserSnapshot,
  /** Hard delete: each service deletes the data of the user. */
  'user.hard-deleted': UserSnapshot,
  'user.password-changed': PasswordChanged,
  'user.privileges-changed': UserSnapshot,

  'tier.assigned': TierAssigned,
};
