import { PickType } from '@nestjs/swagger';
import { ChangePassword, UserSnapshot } from '../messaging/users.requests.js';

export class PasswordChanged extends PickType(ChangePassword, ['userId', 'keepSessionId']) {}

export const usersEvents = {
  'user.created': UserSnapshot,
  'user.updated': UserSnapshot,
  /** Soft delete: the row and the data of the user stay. */
  'user.deleted': UserSnapshot,
  /** Hard delete: each service deletes the data of the user. */
  'user.hard-deleted': UserSnapshot,
  'user.password-changed': PasswordChanged,
  'user.privileges-changed': UserSnapshot,
};
