import { ApiExtraModels, ApiProperty, refs } from '@nestjs/swagger';
import { AuthUser } from './users.requests.js';
import { IntField } from '../rules/number.fields.js';
import { ListField, ObjectField } from '../rules/nested.fields.js';
import { StringField } from '../rules/string.fields.js';

/** Requests the public keys that access tokens are verified with. */
export class GetKeys {}

/** The public half of a signing key. */
export class PublicJwk {
  @StringField({ values: ['EC'] })
  kty: 'EC';

  @StringField({ values: ['P-256'] })
  crv: 'P-256';

  @StringField({ max: 64 })
  x: string;

  @StringField({ max: 64 })
  y: string;

  @StringField({ max: 64 })
  kid: string;

  @StringField({ values: ['ES256'] })
  alg: 'ES256';

  @StringField({ values: ['sig'] })
  use: 'sig';
}

/** A key set, as `/.well-known/jwks.json` publishes it. */
export class Jwks {
  @ListField(() => PublicJwk, { max: 100 })
  keys: PublicJwk[];
}

/** One session is over. */
export class RevokedSession {
  @StringField({ values: ['session'] })
  kind: 'session';

  @StringField({ max: 64 })
  id: string;

  @IntField({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    description: 'When the last token of the session has expired by itself, in ms since the epoch.',
  })
  expiresAt: number;
}

/** Every token of a user from before a moment is dead. */
export class RevokedUser {
  @StringField({ values: ['user'] })
  kind: 'user';

  @IntField()
  id: number;

  @IntField({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    description: 'Tokens issued before this second are dead.',
  })
  issuedBefore: number;

  @IntField({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    description: 'When the last of these tokens has expired by itself, in ms since the epoch.',
  })
  expiresAt: number;
}

/** Which tokens are dead, whatever their signature says. */
export type Revocation = RevokedSession | RevokedUser;

/** A page of the revocations whose tokens have not expired yet. */
@ApiExtraModels(RevokedSession, RevokedUser)
export class RevocationPage {
  @ApiProperty({ type: 'array', items: { oneOf: refs(RevokedSession, RevokedUser) } })
  revocations: Revocation[];

  @StringField({ max: 512, nullable: true })
  nextCursor: string | null;
}

/** Which tokens are dead before their time? */
export class ListRevocations {
  @StringField({
    max: 512,
    nullable: true,
    description: 'The `nextCursor` of the page before; null for the first page.',
  })
  cursor: string | null;
}

/** Whose are these credentials? Guessing is slowed as at the login. */
export class CheckPassword {
  @StringField({ max: 255, description: 'A username or an email address.' })
  login: string;

  @StringField({ max: 1024 })
  password: string;

  @StringField({ max: 64, optional: true, description: 'Where they came from.' })
  address?: string;
}

/** The user whose credentials they are; null when they are wrong. */
export class CheckPasswordResult {
  @ObjectField(() => AuthUser, { nullable: true })
  user: AuthUser | null;
}
