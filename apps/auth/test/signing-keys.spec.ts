import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestReplica } from '@repo/testing';
import { AuthConfig } from '../src/app.config.js';
import { SigningKeysService } from '../src/signing-keys/signing-keys.service.js';
import { type AuthApp, decode, logIn, refresh, refusal, startAuthApp } from './auth-app.js';

describe('signing keys', () => {
  let app: AuthApp;

  beforeAll(async () => {
    app = await startAuthApp();
  });
  afterAll(() => app.close());

  const jwks = async (url = app.url): Promise<{ keys: Record<string, string>[] }> => {
    const response = await fetch(`${url}/.well-known/jwks.json`);
    return (await response.json()) as { keys: Record<string, string>[] };
  };

  describe('GET /.well-known/jwks.json', () => {
    it('publishes the key that verifies the tokens', async () => {
      const { accessToken } = await logIn(app.api, app.users.add());
      const [head, claims, signature] = accessToken.split('.') as [string, string, string];

      const { keys } = await jwks();

      const jwk = keys.find(({ kid }) => kid === decode(accessToken).header.kid)!;
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const signed = Buffer.from(signature, 'base64url');
      expect(
        verify('sha256', Buffer.from(`${head}.${claims}`), { key, dsaEncoding: 'ieee-p1363' }, signed),
      ).toBe(true);
    });

    it('publishes no private fields of a key', async () => {
      for (const key of (await jwks()).keys) {
        expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      }
    });

    it('allows clients to cache the keys, and to revalidate them', async () => {
      const { headers } = await fetch(`${app.url}/.well-known/jwks.json`);

      expect(headers.get('cache-control')).toBe('public, no-cache');
      expect(headers.get('etag')).toMatch(/^"/);
    });

    it('returns 404 under the prefix of the API', async () => {
      expect((await app.api('GET /.well-known/jwks.json')).status).toBe(404);
    });
  });

  it('are stored encrypted', async () => {
    await jwks();
    const rows = await app.database.query<{ encrypted_private_key: string; public_jwk: object }>(
      'SELECT * FROM auth.signing_keys',
    );

    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const stored =
        row.encrypted_private_key + Buffer.from(row.encrypted_private_key, 'base64url').toString('latin1');
      expect(stored).not.toContain('PRIVATE KEY');
      expect(row.public_jwk).not.toHaveProperty('d');
    }
  });

  it('sign new tokens with the new key after a rotation, while tokens of the old key stay valid', async () => {
    const user = app.users.add();
    const before = await logIn(app.api, user);

    const kid = await app.nest.get(SigningKeysService).rotate();

    const after = await logIn(app.api, user);
    expect(decode(after.accessToken).header.kid).toBe(kid);
    expect(decode(before.accessToken).header.kid).not.toBe(kid);
    expect((await app.api('GET /sessions', { token: before.accessToken })).status).toBe(200);
    expect((await refresh(app.api, before.refreshToken)).status).toBe(200);
    expect((await jwks()).keys.map((key) => key.kid)).toEqual(
      expect.arrayContaining([kid, decode(before.accessToken).header.kid]),
    );
  });

  describe('with another SECRET_KEY', () => {
    const SECRET_KEY = 'another-secret-that-is-long-enough';

    it('stop the start, with the way out', async () => {
      await expect(app.replica({ SECRET_KEY })).rejects.toThrow(
        /SECRET_KEY: the signing key in the database was encrypted with another value. Set SECRET_KEY_PREVIOUS/,
      );
    });

    it('are used when SECRET_KEY_PREVIOUS has the old value', async () => {
      const replica = await app.replica({
        SECRET_KEY,
        SECRET_KEY_PREVIOUS: new AuthConfig(app.env).SECRET_KEY,
      });
      try {
        const { accessToken } = await logIn(replica.api, app.users.add());

        expect((await app.api('GET /sessions', { token: accessToken })).status).toBe(200);
      } finally {
        await replica.close();
      }
    });
  });

  describe('with two replicas', () => {
    let second: TestReplica;

    beforeAll(async () => {
      second = await app.replica();
    });
    afterAll(() => second.close());

    it('are shared: each replica accepts the tokens of the other', async () => {
      const { accessToken, refreshToken } = await logIn(app.api, app.users.add());

      expect((await second.api('GET /sessions', { token: accessToken })).status).toBe(200);
      expect((await refresh(second.api, refreshToken)).status).toBe(200);
      expect(await jwks(second.url)).toEqual(await jwks());
    });

    it('a logout at one replica applies at the other when the response arrives', async () => {
      const user = app.users.add();
      for (let i = 0; i < 5; i++) {
        const { accessToken, refreshToken } = await logIn(app.api, user);
        expect((await second.api('GET /sessions', { token: accessToken })).status).toBe(200);

        await app.api('POST /logout', { token: accessToken });

        const dead = { status: 401, detail: 'User not authenticated.' };
        expect(refusal(await second.api('GET /sessions', { token: accessToken }))).toEqual(dead);
        expect((await refresh(second.api, refreshToken)).status).toBe(401);
      }
    });

    it('20 parallel refreshes at both replicas create one successor', async () => {
      const { refreshToken } = await logIn(app.api, app.users.add());

      const responses = await Promise.all(
        Array.from({ length: 20 }, (_, i) => refresh(i % 2 ? app.api : second.api, refreshToken)),
      );

      expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
      const [{ count }] = (await app.database.query<{ count: number }>(
        'SELECT count(*)::int FROM auth.refresh_tokens WHERE session_id = $1',
        [decode(refreshToken).claims.sid],
      )) as [{ count: number }];
      expect(count).toBe(2);
    });
  });
});
