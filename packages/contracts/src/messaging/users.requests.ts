import { PickType } from '@nestjs/swagger';
import { BooleanField } from '../rules/boolean.field.js';
import { ObjectField } from '../rules/nested.fields.js';
import { IntField } from '../rules/number.fields.js';
import { StringField } from '../rules/string.fields.js';

/** What other services may know of a user. A higher `version` is the newer truth. */
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

/** The claims of an access token about its user. */
export class AuthUser extends PickType(UserSnapshot, ['id', 'username', 'isSuperuser', 'tierId']) {}

/** At most `limit` calls in any `period` seconds. */
export class RateLimitRule {
  @IntField()
  limit: number;

  @IntField()
  period: number;
}

/** Do these credentials belong to a living user? */
export class VerifyCredentials {
  @StringField({ max: 255, description: 'A username or an email address.' })
  login: string;

  @StringField({ max: 1024 })
  password: string;
}

/** The user whose credentials they are; null when they are wrong or the user is deleted. */
export class VerifyCredentialsResult {
  @ObjectField(() => UserSnapshot, { nullable: true })
  user: UserSnapshot | null;
}

/** Who has this id? */
export class GetUser {
  @IntField()
  id: number;
}

/** Who has this name? */
export class GetUserByUsername {
  @StringField({ max: 255 })
  username: string;
}

/** Replace a password, if the current one is right. */
export class ChangePassword {
  @IntField()
  userId: number;

  @StringField({ max: 1024 })
  currentPassword: string;

  @StringField({ max: 1024 })
  newPassword: string;

  @StringField({
    max: 64,
    nullable: true,
    description: 'The session that lives on; all others of the user end.',
  })
  keepSessionId: string | null;
}

/** Whether the password was replaced. */
export class ChangePasswordResult {
  @BooleanField()
  changed: boolean;
}

/** Which limit does the user's tier set for a route? */
export class GetRateLimitRule {
  @IntField()
  userId: number;

  @StringField({
    min: 1,
    max: 200,
    description: 'As it is stored: without outer slashes and with `_` for `/`.',
  })
  path: string;
}
