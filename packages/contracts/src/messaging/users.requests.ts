import { PickType } from '@nestjs/swagger';
import { BooleanField, IntField, NormalizedLogin, StringField } from '../rules/index.js';
import { CreateRateLimitDto } from '../users/rate-limit.dto.js';

/** A user, in events and responses. Of two snapshots, the one with the higher `version` is newer. */
export class UserSnapshot {
  @IntField()
  id: number;

  @StringField({ max: 255 })
  username: string;

  @BooleanField()
  isSuperuser: boolean;

  @IntField({ nullable: true })
  tierId: number | null;

  @BooleanField()
  deleted: boolean;

  @IntField()
  version: number;
}

/** The fields of a user that access tokens contain. */
export class AuthUser extends PickType(UserSnapshot, ['id', 'username', 'isSuperuser', 'tierId']) {}

/** At most `limit` calls in any `period` seconds. */
export class RateLimitRule extends PickType(CreateRateLimitDto, ['limit', 'period']) {}

/** Requests the user with these credentials. */
export class VerifyCredentials {
  @NormalizedLogin()
  @StringField({ max: 255, description: 'A username or an email address.' })
  login: string;

  @StringField({ max: 1024 })
  password: string;
}

export class GetUser extends PickType(UserSnapshot, ['id']) {}

export class GetUserByUsername extends PickType(UserSnapshot, ['username']) {}

/** Changes a password, if the current one is right. */
export class ChangePassword {
  @IntField()
  userId: number;

  @StringField({ max: 1024 })
  currentPassword: string;

  @StringField({ max: 1024 })
  newPassword: string;

  @StringField({ max: 64, nullable: true, description: 'The session that is not ended; null ends all.' })
  keepSessionId: string | null;
}

export class ChangePasswordResult {
  @BooleanField()
  changed: boolean;
}

export class GetRateLimitRule {
  @IntField()
  userId: number;

  @StringField({ min: 1, max: 200, description: 'The route as it is stored: `api_v1_tasks_task`.' })
  path: string;
}
