export interface TokenClaims {
  sub: string;
  username: string;
  is_superuser: boolean;
  tier_id: number | null;
  /** Id of the session: all tokens of one login have the same. */
  sid: string;
  jti: string;
  iat: number;
  exp: number;
  iss: string;
  aud: string;
  token_type: 'access' | 'refresh';
}

/** What a verified token says. */
export interface VerifiedToken extends TokenClaims {
  /** Header `ver`: the version of the user from which the token was made. Older tokens have none. */
  userVersion?: number;
}

export const TOKEN_ISSUER = 'auth';
export const TOKEN_AUDIENCE = 'api';
export const TOKEN_ALGORITHM = 'ES256';

/** `typ` header by kind of token. It prevents the use of one kind as the other. */
export const TOKEN_TYPES = { access: 'at+jwt', refresh: 'rt+jwt' } as const;
