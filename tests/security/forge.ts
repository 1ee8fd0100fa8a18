import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import { claimsOf } from '../support/users.ts';
import type { Fixture } from './fixture.ts';

type Json = Record<string, unknown>;

export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const headerOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString());
export const signatureOf = (token: string) => token.split('.')[2]!;

/** A correctly signed token: only its header or its claims may be wrong. */
export function withTrustedKey(
  { alice, trustedKey }: Fixture,
  claims: Json = {},
  header: Json = {},
  omit: string[] = [],
): string {
  const all: Json = { ...claimsOf(alice.token), ...claims };
  for (const name of omit) delete all[name];
  return signed({ ...headerOf(alice.token), kid: trustedKey.kid, ...header }, all, trustedKey.privateKey);
}

/** A token that is signed with a key of the attacker. */
export function withForeignKey({ alice }: Fixture, header: Json = {}): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return signed({ ...headerOf(alice.token), ...header }, claimsOf(alice.token), privateKey);
}

/** A token that is signed by HMAC, with the public key as the secret. */
export async function withPublicKeyAsSecret(
  { alice, service }: Fixture,
  form: 'pem' | 'jwk',
): Promise<string> {
  const { body } = await service('auth', '')('GET /.well-known/jwks.json');
  const { kid } = headerOf(alice.token);
  const jwk: JsonWebKey = body.keys.find((key: JsonWebKey) => key.kid === kid);
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const content = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${encode(claimsOf(alice.token))}`;
  const mac = createHmac('sha256', form === 'pem' ? pem : JSON.stringify(jwk)).update(content);
  return `${content}.${mac.digest('base64url')}`;
}

/** A token without a signature. */
export const unsigned = ({ alice }: Fixture, alg: string) =>
  `${encode({ ...headerOf(alice.token), alg })}.${encode(claimsOf(alice.token))}.`;

/** A token with another header and other claims under its old signature. */
export function altered({ alice: { token } }: Fixture, header: Json, claims: Json): string {
  const parts = [
    { ...headerOf(token), ...header },
    { ...claimsOf(token), ...claims },
  ].map(encode);
  return `${parts.join('.')}.${signatureOf(token)}`;
}

/** The second valid ECDSA signature of the same content. It can be computed from the first one: s → n - s. */
export function mirrored(token: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [header, claims, signature] = token.split('.') as [string, string, string];
  const bytes = Buffer.from(signature, 'base64url');
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const mirror = Buffer.from(s.toString(16).padStart(64, '0'), 'hex');
  return `${header}.${claims}.${Buffer.concat([bytes.subarray(0, 32), mirror]).toString('base64url')}`;
}

function signed(header: Json, claims: Json, key: KeyObject): string {
  const content = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}
