import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { type Caller, UnauthenticatedError } from '@repo/core';
import { LRUCache } from 'lru-cache';
import { KeySet } from './key-set.js';
import { Revocations } from './revocations.js';
import {
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPES,
  type TokenClaims,
  type VerifiedToken,
} from './token.js';

const CACHE_SIZE = 10_000;
const MAX_TOKEN_LENGTH = 4_096;

/** Verifies tokens: signature, claims, kind, expiry and revocation. */
@Injectable()
export class TokenVerifier {
  /** Claims by token, so that each signature is verified once. */
  private readonly verified = new LRUCache<string, VerifiedToken>({ max: CACHE_SIZE });

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

  /** Whether this access token was verified before, has not expired, and is known not to be revoked. */
  isKnown(token: string): boolean {
    const claims = this.verified.get(token);
    if (claims?.token_type !== 'access' || claims.exp * 1000 <= Date.now()) return false;
    return this.revocations.isCurrent && !this.revocations.includes(claims);
  }

  /** Verifies everything but revocation. @throws UnavailableError when no key was loaded yet */
  async verify(token: string, kind: keyof typeof TOKEN_TYPES): Promise<VerifiedToken | undefined> {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    const claims = this.verified.get(token) ?? (await this.verifySignature(token));
    if (!claims || claims.token_type !== kind || claims.exp * 1000 <= Date.now()) return undefined;
    return claims;
  }

  private async verifySignature(token: string): Promise<VerifiedToken | undefined> {
    const { alg, kid, typ, crit, ver } = headerOf(token);
    if (alg !== TOKEN_ALGORITHM || typeof kid !== 'string') return undefined;
    // `crit` lists extensions that a verifier must support; this one supports none.
    if (crit !== undefined) return undefined;
    const key = await this.keys.find(kid);
    if (!key) return undefined;
    try {
      const claims = this.jwt.verify<TokenClaims>(token, {
        // The library accepts a KeyObject, which is ten times faster than a PEM; its types lack it.
        publicKey: key as unknown as string,
        algorithms: [TOKEN_ALGORITHM],
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
      });
      if (!isComplete(claims) || typ !== TOKEN_TYPES[claims.token_type]) return undefined;
      const verified = { ...claims, ...(typeof ver === 'number' && { userVersion: ver }) };
      this.verified.set(token, verified);
      return verified;
    } catch {
      return undefined;
    }
  }
}

function headerOf(token: string): Record<string, unknown> {
  try {
    const encoded = token.slice(0, token.indexOf('.'));
    return (JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
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
