import { ApiProperty, OmitType, PickType } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
import {
  ApiDateTime,
  EmailField,
  IntField,
  PartialOf,
  PasswordField,
  RESERVED_USERNAMES,
  StringField,
  UrlField,
} from '../rules/index.js';
import { RateLimitRead } from './rate-limit.dto.js';

export const USERNAME = { min: 2, max: 20, pattern: /^[a-z0-9]+$/, example: 'userson' };

export class CreateUserDto {
  @StringField({
    min: 2,
    max: 30,
    pattern: /\S/,
    patternMessage: 'String should not be only spaces',
    example: 'User Userson',
  })
  name: string;

  /** The first path segment of the user's posts, so names of routes are reserved. */
  @StringField({
    ...USERNAME,
    rules: [
      { code: 'value_error', msg: 'Username is reserved', holds: (name) => !RESERVED_USERNAMES.has(name) },
    ],
  })
  username: string;

  @EmailField()
  email: string;

  @PasswordField()
  password: string;
}

export class UpdateUserDto extends PartialOf(OmitType(CreateUserDto, ['password'])) {
  @UrlField({ optional: true })
  profile_image_url?: string;
}

export class UpdateUserTierDto {
  @IntField({ example: 1 })
  tier_id: number;
}

/** It filters by public fields only, because a filter reveals the values of its column. */
export class ListUsersQuery extends ListQueryOf({
  filters: { id: 'int', name: 'text', username: 'text', tier_id: 'int | null', created_at: 'timestamp' },
  sorts: ['username', 'created_at'],
}) {}

/** The path of a user. Any text: an invalid username is a 404, not a 422. */
export class UsernameParam {
  @StringField({ example: 'userson' })
  username: string;
}

/** A user in responses to anyone. */
export class PublicUser {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ example: 'User Userson' })
  name: string;

  @ApiProperty({ example: 'userson' })
  username: string;

  @ApiProperty({ example: 'https://profileimageurl.com' })
  profile_image_url: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 1 })
  tier_id: number | null;
}

/** A user in responses to the user and to superusers. */
export class UserRead extends PublicUser {
  @ApiProperty({ example: 'user.userson@example.com' })
  email: string;
}

export class UserTierRead extends PublicUser {
  @ApiProperty({ example: 'free' })
  tier_name: string;

  @ApiDateTime()
  tier_created_at: Date;
}

export class UserRateLimitsRead extends UserRead {
  @ApiProperty({ type: [RateLimitRead] })
  tier_rate_limits: RateLimitRead[];
}

/** The remaining calls of the caller on a route. */
export class UsageRead extends PickType(RateLimitRead, ['path', 'limit', 'period']) {
  @ApiProperty({ type: 'integer', example: 9 })
  remaining: number;

  @ApiProperty({ type: 'integer', example: 1800, description: 'Seconds until `remaining` grows.' })
  reset: number;
}
