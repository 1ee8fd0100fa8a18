import type { PublicUser, UserRead, UserSnapshot } from '@repo/contracts';
import type { ColumnsOf } from '@repo/database';
import type { User } from './user.entity.js';

/** The fields of a user that anyone may see. */
export function toPublicUser({
  id,
  name,
  username,
  profileImageUrl,
  tierId,
}: ColumnsOf<User, PublicUser>): PublicUser {
  return { id, name, username, profile_image_url: profileImageUrl, tier_id: tierId };
}

/** The fields that the user and superusers may see. */
export function toUserRead(user: User): UserRead {
  return { ...toPublicUser(user), email: user.email };
}

/** The fields that other services copy. */
export function toSnapshot({ id, username, isSuperuser, tierId, deletedAt, version }: User): UserSnapshot {
  return { id, username, isSuperuser, tierId, deleted: deletedAt !== null, version };
}
