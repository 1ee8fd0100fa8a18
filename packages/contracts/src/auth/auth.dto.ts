import { ApiProperty } from '@nestjs/swagger';
import { ApiDateTime, NormalizedLogin, PasswordField, SecretField, StringField } from '../rules/index.js';

/** The form of OAuth2's password flow. `scope`, `client_id` and `client_secret` are ignored. */
export class LoginForm {
  @NormalizedLogin()
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

export class ChangePasswordDto {
  @SecretField({ example: 'correct-horse-battery' })
  current_password: string;

  @PasswordField({ example: 'staple-correct-horse' })
  new_password: string;
}

/** The response to a login or a refresh. The refresh token is in a cookie. */
export class Token {
  @ApiProperty({ description: 'A JWT for the Authorization header.' })
  access_token: string;

  @ApiProperty({ enum: ['bearer'], example: 'bearer' })
  token_type: 'bearer';

  @ApiProperty({
    required: false,
    description: 'Only with the setting REFRESH_TOKEN_IN_BODY, for native clients.',
  })
  refresh_token?: string;
}

/** The body of a refresh or a logout. It is read with the setting REFRESH_TOKEN_IN_BODY only. */
export class RefreshTokenBody {
  @StringField({ optional: true })
  refresh_token?: string;
}

export class SessionRead {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiDateTime()
  created_at: Date;

  @ApiDateTime()
  last_used_at: Date;

  @ApiProperty({ type: 'string', nullable: true, example: '203.0.113.7' })
  ip: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'Mozilla/5.0' })
  user_agent: string | null;

  @ApiProperty({ description: 'Whether this is the session of the request.' })
  current: boolean;
}
