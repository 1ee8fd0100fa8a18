import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import {
  type KeySource,
  type RevocationSource,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPES,
} from '@repo/auth';
import type { PublicJwk, Revocation } from '@repo/contracts';

const KID = 'test-key';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };

/** Returns the key of `testToken` in place of those of the auth service. */
export class TestKeySource implements Pick<KeySource, 'load'> {
  async load(): Promise<PublicJwk[]> {
    return [{ kty: 'EC', crv: 'P-256', x, y, kid: KID, alg: 'ES256', use: 'sig' }];
  }
}

/** An empty list of revocations. */
export class NoRevocations implements Pick<RevocationSource, 'list'> {
  async *list(): AsyncIterable<Revocation> {}
}

export interface TestUser {
  id: number;
  username?: string;
  isSuperuser?: boolean;
}

/** An access token like those of the auth service. `claims` and `header` replace parts of it. */
export function testToken(
  { id, username = `user${id}`, isSuperuser = false }: TestUser,
  { claims = {}, header = {} }: { claims?: object; header?: object } = {},
): string {
  const now = Math.floor(Date.now() / 1000);
  return new JwtService().sign(
    {
      sub: String(id),
      username,
      is_superuser: isSuperuser,
      tier_id: null,
      sid: randomUUID(),
      jti: randomUUID(),
      iat: now,
      exp: now + 600,
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
      token_type: 'access',
      ...claims,
    },
    {
      privateKey,
      algorithm: TOKEN_ALGORITHM,
      header: { alg: TOKEN_ALGORITHM, kid: KID, typ: TOKEN_TYPES.access, ...header },
    },
  );
}
