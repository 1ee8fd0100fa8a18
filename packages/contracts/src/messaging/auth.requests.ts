import type { JsonWebKey } from 'node:crypto';
import { ApiProperty } from '@nestjs/swagger';
import { StringField } from '../rules/index.js';
import { VerifyCredentials } from './users.requests.js';

export class GetKeys {}

/** The public half of a signing key, as in RFC 7517. */
export type PublicJwk = JsonWebKey & { kid: string; alg: 'ES256'; use: 'sig' };

export class Jwks {
  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'Public keys, as in RFC 7517.' })
  keys: PublicJwk[];
}

/**
 * Revokes the tokens of a session, or those of a user with data from before a version. A token that has no version is judged by its
 * time of issue, in s since the epoch.
 */
export type Revocation = {
  /** Expiry of the last revoked token, in ms since the epoch. */
  expiresAt: number;
} & (
  | { kind: 'session'; id: string }
  | { kind: 'user'; id: number; belowVersion?: number; issuedBefore: number }
);

export class RevocationPage {
  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description:
      '`{ kind: "session", id, expiresAt }` or `{ kind: "user", id, belowVersion, issuedBefore, expiresAt }`.',
  })
  revocations: Revocation[];

  @StringField({ max: 512, nullable: true })
  nextCursor: string | null;
}

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
