import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserSnapshot } from '@repo/contracts';
import { Database } from '@repo/database';
import { Requests } from '@repo/messaging';
import { type Api, waitFor } from '@repo/testing';
import { type AuthApp, decode, logIn, refresh, refusal, startAuthApp, tokensOf } from './auth-app.js';

const DEAD_TOKEN = { status: 401, detail: 'User not authenticated.' };
const INVALID_REFRESH = { status: 401, detail: 'Invalid refresh token.' };

describe('events and requests of the auth service', () => {
  let app: AuthApp;
  let api: Api;
  let requests: Requests;
  let database: Database;

  beforeAll(async () => {
    app = await startAuthApp();
    api = app.api;
    requests = app.nest.get(Requests);
    database = app.nest.get(Database);
  });
  afterAll(() => app.close());

  const snapshot = (id: number): UserSnapshot => ({
    id,
    username: `user${id}`,
    isSuperuser: false,
    tierId: null,
    deleted: true,
    version: 2,
  });

  describe('when a user is deleted', () => {
    it('ends all sessions of the user', async () => {
      const user = app.users.add();
      const other = await logIn(api, app.users.add());
      const [here, there] = [await logIn(api, user), await logIn(api, user)];

      await database.transaction((tx) => tx.emit('user.deleted', snapshot(user.id)));

      for (const { accessToken, refreshToken } of [here, there]) {
        expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
        expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID_REFRESH);
      }
      expect((await api('GET /sessions', { token: other.accessToken })).status).toBe(200);
    });
  });

  describe('when a user is hard deleted', () => {
    it('ends and deletes all sessions of the user', async () => {
      const user = app.users.add();
      const { accessToken, refreshToken } = await logIn(api, user);

      await database.transaction((tx) => tx.emit('user.hard-deleted', snapshot(user.id)));

      expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
      expect(refusal(await refresh(api, refreshToken))).toEqual(INVALID_REFRESH);
      expect(await app.database.query('SELECT id FROM auth.sessions WHERE user_id = $1', [user.id])).toEqual(
        [],
      );
    });
  });

  describe('when a password is changed', () => {
    it('ends all sessions of the user except the one in which the password was changed', async () => {
      const user = app.users.add();
      const [here, there] = [await logIn(api, user), await logIn(api, user)];
      const keepSessionId = decode(here.accessToken).claims.sid;

      await database.transaction((tx) =>
        tx.emit('user.password-changed', { userId: user.id, keepSessionId }),
      );

      expect(refusal(await api('GET /sessions', { token: there.accessToken }))).toEqual(DEAD_TOKEN);
      expect(refusal(await refresh(api, there.refreshToken))).toEqual(INVALID_REFRESH);
      expect((await api('GET /sessions', { token: here.accessToken })).status).toBe(200);
      expect((await refresh(api, here.refreshToken)).status).toBe(200);
    });

    it('ends all sessions of the user when the event names no session to keep', async () => {
      const user = app.users.add();
      const { accessToken } = await logIn(api, user);

      await database.transaction((tx) =>
        tx.emit('user.password-changed', { userId: user.id, keepSessionId: null }),
      );

      expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
    });
  });

  describe('when the privileges of a user change', () => {
    it('revokes the access tokens with the old privileges and keeps the sessions', async () => {
      const user = app.users.add({ isSuperuser: true });
      const { accessToken, refreshToken } = await logIn(api, user);
      app.users.change(user, { isSuperuser: false });

      await database.transaction((tx) =>
        tx.emit('user.privileges-changed', { ...snapshot(user.id), deleted: false }),
      );

      expect(refusal(await api('GET /sessions', { token: accessToken }))).toEqual(DEAD_TOKEN);
      const { accessToken: renewed } = await waitFor(async () => {
        const tokens = tokensOf(await refresh(api, refreshToken));
        expect((await api('GET /sessions', { token: tokens.accessToken })).status).toBe(200);
        return tokens;
      });
      expect(decode(renewed).claims.is_superuser).toBe(false);
    });
  });

  describe('when a session ends', () => {
    it('stores a revocation, which auth.list-revocations returns', async () => {
      const { accessToken } = await logIn(api, app.users.add());
      const { sid } = decode(accessToken).claims;

      await api('POST /logout', { token: accessToken });

      const revocation = { kind: 'session', id: sid, expiresAt: expect.any(Number) };
      const { revocations } = await requests.request('auth.list-revocations', { cursor: null });
      expect(revocations).toContainEqual(revocation);
    });
  });

  describe('auth.list-revocations', () => {
    it('returns the revocations in pages, without expired ones', async () => {
      const row = (subject: string, expires: string) =>
        app.database.query(
          `INSERT INTO auth.revocations (subject, revocation, expires_at)
           SELECT $1 || lpad(n::text, 5, '0'), jsonb_build_object('kind', 'session', 'id', $1 || n, 'expiresAt', 0), now() + $2::interval
           FROM generate_series(1, 2001) AS n`,
          [subject, expires],
        );
      await row('session:alive', '1 hour');
      await row('session:over', '-1 second');

      const ids: string[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page: { revocations: { id: string | number }[]; nextCursor: string | null } =
          await requests.request('auth.list-revocations', { cursor });
        ids.push(...page.revocations.map(({ id }) => String(id)));
        cursor = page.nextCursor;
        pages++;
      } while (cursor !== null);

      expect(pages).toBe(2);
      expect(ids.filter((id) => id.startsWith('session:alive'))).toHaveLength(2_001);
      expect(ids.filter((id) => id.startsWith('session:over'))).toEqual([]);
    });
  });

  describe('auth.get-keys', () => {
    it('returns the keys that the JWKS route publishes', async () => {
      const published = await fetch(`${app.url}/.well-known/jwks.json`).then((response) => response.json());

      expect(await requests.request('auth.get-keys', {})).toEqual(published);
    });
  });
});
