import { BooleanField } from '../rules/boolean.field.js';
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

/** What a token says of its user. */
export interface AuthUser {
  id: number;
  username: string;
  isSuperuser: boolean;
  tierId: number | null;
}

/** At most `limit` calls in any `period` seconds. */
export interface RateLimitRule {
  limit: number;
  period: number;
}

/** Do these credentials belong to a living user? */
export class VerifyCredentials {
  /** A username or an email address. */
  @StringField({ max: 255 })
  login: string;

  @StringField({ max: 1024 })
  password: string;
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

  /** The session that lives on; all others of the user end. */
  @StringField({ max: 64, nullable: true })
  keepSessionId: string | null;
}

/** Which limit does the user's tier set for a route? */
export class GetRateLimitRule {
  @IntField()
  userId: number;

  /** As it is stored: without outer slashes and with `_` for `/`. */
  @StringField({ min: 1, max: 200 })
  path: string;
}
