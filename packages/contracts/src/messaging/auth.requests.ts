import { ApiExtraModels, ApiProperty, refs } from '@nestjs/swagger';
import { IntField, StringField } from '../rules/index.js';
import { VerifyCredentials } from './users.requests.js';

/** Requests the public keys of access tokens. */
export class GetKeys {}

/** The public half of a signing key, as in RFC 7517. */
export interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

/** A key set, as in `/.well-known/jwks.json`. */
export class Jwks {
  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'Public keys, as in RFC 7517.' })
  keys: PublicJwk[];
}

const MILLISECONDS = { min: 0, max: Number.MAX_SAFE_INTEGER };

/** The part that all revocations have. */
class BaseRevocation {
  @IntField({ ...MILLISECONDS, description: 'Expiry of the last revoked token, in ms since the epoch.' })
  expiresAt: number;
}

/** Revokes the tokens of a session. */
export class RevokedSession extends BaseRevocation {
  @StringField({ values: ['session'] })
  kind: 'session';

  @StringField({ max: 64 })
  id: string;
}

/** Revokes the tokens of a user that were issued before a time. */
export class RevokedUser extends BaseRevocation {
  @StringField({ values: ['user'] })
  kind: 'user';

  @IntField()
  id: number;

  @IntField({
    ...MILLISECONDS,
    description: 'Tokens issued before this time are revoked, in s since the epoch.',
  })
  issuedBefore: number;
}

export type Revocation = RevokedSession | RevokedUser;

/** A page of the revocations of unexpired tokens. */
@ApiExtraModels(RevokedSession, RevokedUser)
export class RevocationPage {
  @ApiProperty({ type: 'array', items: { oneOf: refs(RevokedSession, RevokedUser) } })
  revocations: Revocation[];

  @StringField({ max: 512, nullable: true })
  nextCursor: string | null;
}

/** Requests a page of revocations. */
export class ListRevocations {
  @StringField({
    max: 512,
    nullable: true,
    description: 'The `nextCursor` of the previous page; null for the first page.',
  })
  cursor: string | null;
}

/** Requests the user with these credentials, with the throttling of a login. */
export class CheckPassword extends VerifyCredentials {
  @StringField({ max: 64, optional: true, description: 'Address of the client.' })
  address?: string;
}
