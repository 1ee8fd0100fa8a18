/** Claims of every token: section 3 of the API's contract. */
export interface TokenClaims {
  sub: string;
  username: string;
  is_superuser: boolean;
  tier_id: number | null;
  /** Session; shared by all tokens that descend from one login. */
  sid: string;
  jti: string;
  iat: number;
  exp: number;
  iss: string;
  aud: string;
  token_type: 'access' | 'refresh';
}

export const TOKEN_ISSUER = 'auth';
export const TOKEN_AUDIENCE = 'api';
export const TOKEN_ALGORITHM = 'ES256';

/** `typ` header by kind of token, so that one kind can never pass for the other. */
export const TOKEN_TYPES = { access: 'at+jwt', refresh: 'rt+jwt' } as const;
