import { ApiProperty } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
import { EmailField, PasswordField, UsernameField } from '../rules/account.fields.js';
import { DateField } from '../rules/date.field.js';
import { IntField } from '../rules/number.fields.js';
import { StringField, type StringFieldOptions } from '../rules/string.fields.js';
import { UrlField } from '../rules/url.field.js';
import { RateLimitRead } from './rate-limit.dto.js';

const NAME: StringFieldOptions = {
  min: 2,
  max: 30,
  pattern: /\S/,
  patternMessage: 'String should not be only spaces',
  example: 'User Userson',
};

/** The body of `POST /user`. */
export class CreateUserDto {
  @StringField(NAME)
  name: string;

  @UsernameField()
  username: string;

  @EmailField()
  email: string;

  @PasswordField()
  password: string;
}

/** The body of `PATCH /user/{username}`. */
export class UpdateUserDto {
  @StringField({ ...NAME, optional: true })
  name?: string;

  @UsernameField({ optional: true })
  username?: string;

  @EmailField({ optional: true })
  email?: string;

  @UrlField({ optional: true })
  profile_image_url?: string;
}

/** The body of `PATCH /user/{username}/tier`. */
export class UpdateUserTierDto {
  @IntField({ example: 1 })
  tier_id: number;
}

/** The query of `GET /users`. Only what everyone may see: a filter tells of the values that it is tried on. */
export class ListUsersQuery extends ListQueryOf({
  filters: { id: 'int', name: 'text', username: 'text', tier_id: 'int | null', created_at: 'timestamp' },
  sorts: ['username', 'created_at'],
}) {}

/** Any text: a name that nobody could have is a user who is not found. */
export class UsernameParam {
  @StringField({ example: 'userson' })
  username: string;
}

/** A user as everyone may see it. */
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

/** A user as its owner and superusers see it. */
export class UserRead extends PublicUser {
  @ApiProperty({ example: 'user.userson@example.com' })
  email: string;
}

/** A user together with its tier. */
export class UserTierRead extends PublicUser {
  @ApiProperty({ example: 'free' })
  tier_name: string;

  @DateField()
  tier_created_at: Date;
}

/** A user together with the limits of its tier. */
export class UserRateLimitsRead extends UserRead {
  @ApiProperty({ type: [RateLimitRead] })
  tier_rate_limits: RateLimitRead[];
}

/** What the caller may still do on one limited route. */
export class UsageRead {
  @ApiProperty({ example: 'api_v1_tasks_task' })
  path: string;

  @ApiProperty({ type: 'integer', example: 10 })
  limit: number;

  @ApiProperty({ type: 'integer', example: 3600, description: 'In seconds.' })
  period: number;

  @ApiProperty({ type: 'integer', example: 9 })
  remaining: number;

  @ApiProperty({ type: 'integer', example: 1800, description: 'Seconds until a call is free again.' })
  reset: number;
}
