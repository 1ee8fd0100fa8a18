import { IntField } from '../rules/number.fields.js';
import { StringField } from '../rules/string.fields.js';

/** The public half of a signing key. */
export interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

/** A key set, as `/.well-known/jwks.json` publishes it. */
export interface Jwks {
  keys: PublicJwk[];
}

/** One session is over. */
export class RevokedSession {
  @StringField({ values: ['session'] })
  kind: 'session';

  @StringField({ max: 64 })
  id: string;

  /** When the last token of the session has expired by itself, in ms since the epoch. */
  @IntField({ min: 0, max: Number.MAX_SAFE_INTEGER })
  expiresAt: number;
}

/** Every token of a user from before a moment is dead. */
export class RevokedUser {
  @StringField({ values: ['user'] })
  kind: 'user';

  @IntField()
  id: number;

  /** Tokens issued before this second are dead. */
  @IntField({ min: 0, max: Number.MAX_SAFE_INTEGER })
  issuedBefore: number;

  /** When the last of these tokens has expired by itself, in ms since the epoch. */
  @IntField({ min: 0, max: Number.MAX_SAFE_INTEGER })
  expiresAt: number;
}

/** Which tokens are dead, whatever their signature says. */
export type Revocation = RevokedSession | RevokedUser;

/** Revocations that are still of use, in pages. */
export interface RevocationPage {
  revocations: Revocation[];
  nextCursor: string | null;
}

/** Which tokens are dead before their time? */
export class ListRevocations {
  /** The `nextCursor` of the page before; null for the first page. */
  @StringField({ max: 512, nullable: true })
  cursor: string | null;
}

/** Whose are these credentials? Guessing is slowed as at the login. */
export class CheckPassword {
  /** A username or an email address. */
  @StringField({ max: 255 })
  login: string;

  @StringField({ max: 1024 })
  password: string;

  /** Where they came from. */
  @StringField({ max: 64, optional: true })
  address?: string;
}
