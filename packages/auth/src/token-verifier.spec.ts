import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import type { PublicJwk, Revocation } from '@repo/contracts';
import { type RequestContext, runInContext } from '@repo/core';
import type { ReplicaBus } from '@repo/messaging';
import { KeySet } from './key-set.js';
import type { KeySource } from './key-source.js';
import type { RevocationSource } from './revocation-source.js';
import { Revocations } from './revocations.js';
import { TokenVerifier } from './token-verifier.js';

const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicPem = ours.publicKey.export({ format: 'pem', type: 'spki' });

const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'ours' };
const now = Math.floor(Date.now() / 1000);
const CLAIMS = {
  sub: '42',
  username: 'userson',
  is_superuser: false,
  tier_id: null,
  sid: 'a-session',
  jti: 'a-token',
  iat: now,
  exp: now + 600,
  iss: 'auth',
  aud: 'api',
  token_type: 'access',
};

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token with any header, claims and key. */
function token({
  header = {},
  claims = {},
  key = ours.privateKey,
}: { header?: object; claims?: object; key?: KeyObject } = {}): string {
  const signed = `${encode({ ...HEADER, ...header })}.${encode({ ...CLAIMS, ...claims })}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function tokenOfHmac(secret: string | Buffer): string {
  const signed = `${encode({ ...HEADER, alg: 'HS256' })}.${encode(CLAIMS)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

class OurKeys implements Pick<KeySource, 'load'> {
  loads = 0;

  async load(): Promise<PublicJwk[]> {
    this.loads++;
    const { x, y } = ours.publicKey.export({ format: 'jwk' }) as { x: string; y: string };
    return [{ kty: 'EC', crv: 'P-256', x, y, kid: 'ours', alg: 'ES256', use: 'sig' }];
  }
}

class NoKeys implements Pick<KeySource, 'load'> {
  async load(): Promise<PublicJwk[]> {
    throw new Error('The auth service is unavailable');
  }
}

class StoredRevocations implements Pick<RevocationSource, 'list'> {
  constructor(private readonly stored: Revocation[]) {}

  async *list(): AsyncIterable<Revocation> {
    yield* this.stored;
  }
}

function setup({
  source = new OurKeys(),
  revoked = [] as Revocation[],
}: { source?: Pick<KeySource, 'load'>; revoked?: Revocation[] } = {}) {
  const bus = {
    leaseValid: true,
    listen: () => () => undefined,
    broadcast: async () => undefined,
  };
  const revocations = new Revocations(bus as unknown as ReplicaBus, new StoredRevocations(revoked));
  revocations.onApplicationBootstrap();
  const verifier = new TokenVerifier(new JwtService(), new KeySet(source), revocations);
  return { verifier, revocations, bus };
}

describe('TokenVerifier', () => {
  it('returns the caller of a valid access token', async () => {
    const { verifier } = setup();

    expect(await verifier.verifyAccess(token())).toEqual({
      id: 42,
      username: 'userson',
      isSuperuser: false,
      sessionId: 'a-session',
      tokenId: 'a-token',
    });
  });

  it.each<[string, string]>([
    ['an empty text', ''],
    ['a text that is no token', 'nonsense'],
    ['three empty parts', '..'],
    ['a token without a signature', token().replace(/\.[^.]*$/, '.')],
    ['alg none', `${encode({ ...HEADER, alg: 'none' })}.${encode(CLAIMS)}.`],
    ['alg None with a signature', token({ header: { alg: 'None' } })],
    ['HS256 with the public key as the secret', tokenOfHmac(publicPem)],
    ['HS256 with an empty secret', tokenOfHmac('')],
    ['another ECDSA algorithm', token({ header: { alg: 'ES384' } })],
    ['a foreign key', token({ key: foreign.privateKey })],
    ['an unknown key id', token({ header: { kid: 'theirs' } })],
    ['no key id', token({ header: { kid: undefined } })],
    [
      'a key of its own in the header',
      token({ key: foreign.privateKey, header: { jwk: foreign.publicKey.export({ format: 'jwk' }) } }),
    ],
    ['a refresh token', token({ header: { typ: 'rt+jwt' }, claims: { token_type: 'refresh' } })],
    ['a refresh token that says it is an access token', token({ header: { typ: 'rt+jwt' } })],
    ['the typ of an access token on a refresh token', token({ claims: { token_type: 'refresh' } })],
    ['no typ', token({ header: { typ: undefined } })],
    ['the usual typ', token({ header: { typ: 'JWT' } })],
    ['an extension that must be understood', token({ header: { crit: ['exotic'], exotic: true } })],
    ['another issuer', token({ claims: { iss: 'other' } })],
    ['a header that is no object', `${encode(null)}.${encode(CLAIMS)}.x`],
    ['no issuer', token({ claims: { iss: undefined } })],
    ['another audience', token({ claims: { aud: 'another-api' } })],
    ['no audience', token({ claims: { aud: undefined } })],
    ['an expired token', token({ claims: { exp: now - 1 } })],
    ['a token without an expiry', token({ claims: { exp: undefined } })],
    ['an expiry that is no number', token({ claims: { exp: 'never' } })],
    ['a token that is not valid yet', token({ claims: { nbf: now + 600 } })],
    ['no subject', token({ claims: { sub: undefined } })],
    ['a subject that is a name', token({ claims: { sub: 'userson' } })],
    ['a subject that is 0', token({ claims: { sub: '0' } })],
    ['a subject that is a number', token({ claims: { sub: 42 } })],
    ['no session', token({ claims: { sid: undefined } })],
    ['no id', token({ claims: { jti: undefined } })],
    ['no time of issue', token({ claims: { iat: undefined } })],
    ['privileges that are no boolean', token({ claims: { is_superuser: 'true' } })],
    ['an unknown kind', token({ claims: { token_type: 'id' } })],
    ['a token above the maximum length', token({ claims: { extra: 'x'.repeat(5_000) } })],
  ])('rejects %s', async (_, bad) => {
    const { verifier } = setup();

    await expect(verifier.verifyAccess(bad)).rejects.toMatchObject({
      status: 401,
      detail: 'User not authenticated.',
    });
  });

  it('rejects a token with one changed character', async () => {
    const { verifier } = setup();
    const valid = token();

    for (let i = 0; i < valid.length; i += 7) {
      const changed = valid.slice(0, i) + (valid[i] === 'A' ? 'B' : 'A') + valid.slice(i + 1);
      await expect(verifier.verifyAccess(changed)).rejects.toMatchObject({ status: 401 });
    }
  });

  it('rejects a cached token after its expiry', async () => {
    const { verifier } = setup();
    const shortLived = token({ claims: { exp: now + 600 } });
    await verifier.verifyAccess(shortLived);

    const { Date: clock } = globalThis;
    const later = Date.now() + 601_000;
    globalThis.Date = class extends clock {
      static override now = () => later;
    } as DateConstructor;
    try {
      await expect(verifier.verifyAccess(shortLived)).rejects.toMatchObject({ status: 401 });
    } finally {
      globalThis.Date = clock;
    }
  });

  it('rejects an access token as a refresh token, and the reverse', async () => {
    const { verifier } = setup();
    const refresh = token({ header: { typ: 'rt+jwt' }, claims: { token_type: 'refresh' } });

    expect(await verifier.verify(refresh, 'refresh')).toMatchObject({ jti: 'a-token' });
    expect(await verifier.verify(refresh, 'access')).toBeUndefined();
    expect(await verifier.verify(token(), 'refresh')).toBeUndefined();
  });

  it('throws 503 before the first key is loaded', async () => {
    const { verifier } = setup({ source: new NoKeys() });

    await expect(verifier.verifyAccess(token())).rejects.toMatchObject({ status: 503 });
  });

  it('loads the keys once for concurrent tokens with unknown key ids', async () => {
    const source = new OurKeys();
    const { verifier } = setup({ source });
    await verifier.verifyAccess(token());

    const unknown = Array.from({ length: 50 }, () => token({ header: { kid: randomUUID() } }));
    const verified = await Promise.all(unknown.map((each) => verifier.verify(each, 'access')));

    expect(verified.every((claims) => claims === undefined)).toBe(true);
    expect(source.loads).toBe(2);
  });

  describe('with revocations', () => {
    const until = Date.now() + 600_000;

    it('rejects the tokens of a revoked session, stored or received later', async () => {
      const { verifier, revocations } = setup({
        revoked: [{ kind: 'session', id: 'ended', expiresAt: until }],
      });

      await expect(verifier.verifyAccess(token({ claims: { sid: 'ended' } }))).rejects.toMatchObject({
        status: 401,
      });
      await verifier.verifyAccess(token());
      await revocations.revoke({ kind: 'session', id: 'a-session', expiresAt: until });
      await expect(verifier.verifyAccess(token())).rejects.toMatchObject({ status: 401 });
    });

    it('rejects the tokens of a user that were issued before a revocation, and no later ones', async () => {
      const { verifier } = setup({
        revoked: [{ kind: 'user', id: 42, issuedBefore: now + 1, expiresAt: until }],
      });

      await expect(verifier.verifyAccess(token())).rejects.toMatchObject({ status: 401 });
      expect(await verifier.verifyAccess(token({ claims: { iat: now + 1 } }))).toMatchObject({ id: 42 });
      expect(await verifier.verifyAccess(token({ claims: { sub: '43' } }))).toMatchObject({ id: 43 });
    });

    it.each([
      ['behind', -60],
      ['ahead', 60],
    ])('compares versions of the user when clocks are a minute %s', async (_, skewSeconds) => {
      const { verifier } = setup({
        revoked: [
          { kind: 'user', id: 42, belowVersion: 3, issuedBefore: now + skewSeconds, expiresAt: until },
        ],
      });

      await expect(verifier.verifyAccess(token({ header: { ver: 2 } }))).rejects.toMatchObject({
        status: 401,
      });
      expect(await verifier.verifyAccess(token({ header: { ver: 3 } }))).toMatchObject({ id: 42 });
    });

    it('waits for the list, and leaves the request only the rest of the time for a refusal', async () => {
      const { verifier, bus } = setup();
      await verifier.verifyAccess(token());
      const context: RequestContext = { requestId: 'request', deadline: Date.now() + 5_000 };
      bus.leaseValid = false;

      const verified = runInContext(context, () => verifier.verifyAccess(token()));
      setImmediate(() => (bus.leaseValid = true));

      expect(await verified).toMatchObject({ id: 42 });
      expect(context.deadline).toBeLessThanOrEqual(Date.now() + 1_300);
    });

    it('applies the stricter of two revocations', async () => {
      const { verifier, revocations } = setup();
      await revocations.revoke({ kind: 'user', id: 42, issuedBefore: now + 1, expiresAt: until });
      await revocations.revoke({ kind: 'user', id: 42, issuedBefore: now - 600, expiresAt: until });

      await expect(verifier.verifyAccess(token())).rejects.toMatchObject({ status: 401 });
    });
  });
});
