import { ApiProperty } from '@nestjs/swagger';
import { PasswordField, SecretField } from '../rules/account.fields.js';
import { DateField } from '../rules/date.field.js';
import { StringField } from '../rules/string.fields.js';

/** The form of OAuth2's password flow; what this API has no use for is taken and ignored. */
export class LoginForm {
  @StringField({ min: 1, max: 255, example: 'userson', description: 'The username or the email address.' })
  username: string;

  @SecretField({ example: 'correct-horse-battery' })
  password: string;

  @StringField({ optional: true, pattern: /^password$/, example: 'password' })
  grant_type?: string;

  @StringField({ optional: true })
  scope?: string;

  @StringField({ optional: true })
  client_id?: string;

  @StringField({ optional: true, format: 'password' })
  client_secret?: string;
}

/** The body of `POST /user/me/password`. */
export class ChangePasswordDto {
  @SecretField({ example: 'correct-horse-battery' })
  current_password: string;

  @PasswordField({ example: 'staple-correct-horse' })
  new_password: string;
}

/** Any text: what is no UUID is a session that is not found. */
export class SessionParam {
  @StringField({ format: 'uuid' })
  id: string;
}

/** The answer to a login or a refresh; the refresh token travels in a cookie. */
export class Token {
  @ApiProperty({ description: 'A JWT for the Authorization header.' })
  access_token: string;

  @ApiProperty({ enum: ['bearer'], example: 'bearer' })
  token_type: 'bearer';
}

/** One of the places where a user is logged in. */
export class SessionRead {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @DateField()
  created_at: Date;

  @DateField()
  last_used_at: Date;

  @ApiProperty({ type: 'string', nullable: true, example: '203.0.113.7' })
  ip: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'Mozilla/5.0' })
  user_agent: string | null;

  @ApiProperty({ description: 'Whether this is the session of the request.' })
  current: boolean;
}
