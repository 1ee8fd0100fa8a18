import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { World } from './world.js';

type Json = Record<string, unknown>;

export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString());

export const headerOf = (token: string) => decode(token.split('.')[0]!);
export const claimsOf = (token: string) => decode(token.split('.')[1]!);
export const signatureOf = (token: string) => token.split('.')[2]!;

/** A token whose signature is good: only what it says may be wrong. */
export function trusted(world: World, claims: Json = {}, header: Json = {}, omit: string[] = []): string {
  const all: Json = { ...claimsOf(world.alice.token), ...claims };
  for (const name of omit) delete all[name];
  const head = { ...headerOf(world.alice.token), kid: world.trustedKey.kid, ...header };
  return signed(head, all, world.trustedKey.privateKey);
}

/** A token of a key that nobody trusts. */
export function foreign(world: World, header: Json = {}): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return signed({ ...headerOf(world.alice.token), ...header }, claimsOf(world.alice.token), privateKey);
}

/** A token that is signed with what everybody knows: the public key, taken for a shared secret. */
export async function withPublicKeyAsSecret(world: World, form: 'pem' | 'jwk'): Promise<string> {
  const { body } = await world.service('auth', '')('GET /.well-known/jwks.json');
  const { kid } = headerOf(world.alice.token);
  const jwk = body.keys.find((key: { kid: string }) => key.kid === kid);
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const content = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${encode(claimsOf(world.alice.token))}`;
  const mac = createHmac('sha256', form === 'pem' ? pem : JSON.stringify(jwk)).update(content);
  return `${content}.${mac.digest('base64url')}`;
}

/** A token without a signature. */
export const unsigned = (world: World, alg: string) =>
  `${encode({ ...headerOf(world.alice.token), alg })}.${encode(claimsOf(world.alice.token))}.`;

/** Another signature of the same key over the same content: whoever sees one can make it (s → n - s). */
export function mirrored(token: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [header, claims, signature] = token.split('.') as [string, string, string];
  const bytes = Buffer.from(signature, 'base64url');
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const mirror = Buffer.from(s.toString(16).padStart(64, '0'), 'hex');
  return `${header}.${claims}.${Buffer.concat([bytes.subarray(0, 32), mirror]).toString('base64url')}`;
}

function signed(header: Json, claims: Json, key: Parameters<typeof sign>[2]): string {
  const content = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(content), {
    key: key as never,
    dsaEncoding: 'ieee-p1363',
  });
  return `${content}.${signature.toString('base64url')}`;
}
