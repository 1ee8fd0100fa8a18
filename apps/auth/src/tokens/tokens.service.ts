import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_TYPES } from '@repo/auth';
import type { UserSnapshot } from '@repo/contracts';
import { v7 as uuidv7 } from 'uuid';
import { AuthConfig } from '../app.config.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';

export interface TokenId {
  id: string;
  /** Seconds since the epoch. */
  issuedAt: number;
}

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
}

/**
 * Creates the ids before the user is read. The time of issue is then never later than the data in the token, so that a
 * revocation of the tokens from before a change includes a token that is signed during the change.
 */
export function newTokenIds(): { access: TokenId; refresh: TokenId } {
  const issuedAt = Math.floor(Date.now() / 1000);
  return { access: { id: uuidv7(), issuedAt }, refresh: { id: uuidv7(), issuedAt } };
}

/** Signs tokens. No other class does. */
@Injectable()
export class TokensService {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeysService,
    private readonly config: AuthConfig,
  ) {}

  async sign(
    user: UserSnapshot,
    sessionId: string,
    { access, refresh }: { access: TokenId; refresh: TokenId },
  ): Promise<TokenPair> {
    const [accessToken, refreshToken] = await Promise.all([
      this.signOne('access', user, sessionId, access, this.config.accessSeconds),
      this.signOne('refresh', user, sessionId, refresh, this.config.refreshSeconds),
    ]);
    return { accessToken, refreshToken };
  }

  private async signOne(
    kind: keyof typeof TOKEN_TYPES,
    user: UserSnapshot,
    sessionId: string,
    { id, issuedAt }: TokenId,
    seconds: number,
  ): Promise<string> {
    const { kid, privateKey } = await this.keys.signingKey();
    const claims = {
      sub: String(user.id),
      username: user.username,
      is_superuser: user.isSuperuser,
      tier_id: user.tierId,
      sid: sessionId,
      jti: id,
      iat: issuedAt,
      exp: issuedAt + seconds,
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
      token_type: kind,
    };
    const header = { alg: TOKEN_ALGORITHM, kid, typ: TOKEN_TYPES[kind], ver: user.version };
    // `signAsync` signs in this process too, through streams.
    return this.jwt.sign(claims, { privateKey, algorithm: TOKEN_ALGORITHM, header });
  }
}
