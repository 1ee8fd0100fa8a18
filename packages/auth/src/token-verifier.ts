import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { type Caller, UnauthenticatedError } from '@repo/core';
import { KeySet } from './key-set.js';
import { Revocations } from './revocations.js';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_TYPES, type TokenClaims } from './token.js';

const CACHE_SIZE = 10_000;
const MAX_TOKEN_LENGTH = 4_096;

/** Decides whether a token is one of ours, of the right kind, current and not revoked. */
@Injectable()
export class TokenVerifier {
  /** Claims by the whole token, so that a signature is checked once; oldest first. */
  private readonly verified = new Map<string, TokenClaims>();

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: KeySet,
    private readonly revocations: Revocations,
  ) {}

  /** @throws UnauthenticatedError `User not authenticated.` */
  async verifyAccess(token: string): Promise<Caller> {
    const claims = await this.verify(token, 'access');
    if (!claims || (await this.revocations.isRevoked(claims)))
      throw new UnauthenticatedError('User not authenticated.');
    return {
      id: Number(claims.sub),
      username: claims.username,
      isSuperuser: claims.is_superuser,
      sessionId: claims.sid,
      tokenId: claims.jti,
    };
  }

  /**
   * Claims of a genuine, current token of the given kind, else undefined. Says nothing of revocation.
   *
   * @throws UnavailableError when no key could be loaded yet
   */
  async verify(token: string, kind: keyof typeof TOKEN_TYPES): Promise<TokenClaims | undefined> {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    const claims = this.verified.get(token) ?? (await this.verifySignature(token));
    if (!claims || claims.token_type !== kind || claims.exp * 1000 <= Date.now()) return undefined;
    return claims;
  }

  private async verifySignature(token: string): Promise<TokenClaims | undefined> {
    const header = headerOf(token);
    if (!header || header.alg !== TOKEN_ALGORITHM || typeof header.kid !== 'string') return undefined;
    if (header.crit !== undefined) return undefined; // An extension that must be understood; we know none.
    const key = await this.keys.find(header.kid);
    if (!key) return undefined;
    try {
      const claims = this.jwt.verify<TokenClaims>(token, {
        // The library takes a KeyObject and is ten times faster with it; only its types do not say so.
        publicKey: key as unknown as string,
        algorithms: [TOKEN_ALGORITHM],
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
      });
      if (!isComplete(claims) || header.typ !== TOKEN_TYPES[claims.token_type]) return undefined;
      this.remember(token, claims);
      return claims;
    } catch {
      return undefined;
    }
  }

  private remember(token: string, claims: TokenClaims): void {
    if (this.verified.size >= CACHE_SIZE) this.verified.delete(this.verified.keys().next().value!);
    this.verified.set(token, claims);
  }
}

function headerOf(
  token: string,
): { alg?: unknown; kid?: unknown; typ?: unknown; crit?: unknown } | undefined {
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString(),
    );
    return typeof header === 'object' && header !== null ? header : undefined;
  } catch {
    return undefined;
  }
}

function isComplete(claims: TokenClaims): boolean {
  return (
    typeof claims.sub === 'string' &&
    /^[1-9]\d{0,9}$/.test(claims.sub) &&
    typeof claims.sid === 'string' &&
    typeof claims.jti === 'string' &&
    typeof claims.exp === 'number' &&
    typeof claims.iat === 'number' &&
    typeof claims.is_superuser === 'boolean' &&
    (claims.token_type === 'access' || claims.token_type === 'refresh')
  );
}
