import type { PublicUser, UserRead, UserSnapshot } from '@repo/contracts';
import type { ColumnsOf } from '@repo/database';
import type { User } from './user.entity.js';

/** What anyone may see of a user. */
export function toPublicUser({
  id,
  name,
  username,
  profileImageUrl,
  tierId,
}: ColumnsOf<User, PublicUser>): PublicUser {
  return { id, name, username, profile_image_url: profileImageUrl, tier_id: tierId };
}

/** What the user itself and superusers see. */
export function toUserRead(user: User): UserRead {
  return { ...toPublicUser(user), email: user.email };
}

/** What other services know. */
export function toSnapshot({ id, username, isSuperuser, tierId, deletedAt, version }: User): UserSnapshot {
  return { id, username, isSuperuser, tierId, deleted: deletedAt !== null, version };
}
