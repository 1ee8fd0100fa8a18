import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventEnvelope } from '@repo/contracts';
import { Requests } from '@repo/messaging';
import { type Api, type TestApp, undeclaredRoutes } from '@repo/testing';
import {
  assignTier,
  createTier,
  eventAbout,
  PASSWORD,
  recordEvents,
  signUp,
  startUsersApp,
  superuser,
  unique,
} from './users-app.js';

describe('requests from other services', () => {
  let app: TestApp;
  let api: Api;
  let requests: Requests;
  let events: EventEnvelope[];

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
    requests = app.nest.get(Requests);
    events = recordEvents(app);
  });
  afterAll(() => app.close());

  it('declares the access of every route', () => {
    expect(undeclaredRoutes(app.nest)).toEqual([]);
  });

  describe('users.verify-credentials', () => {
    it('returns the user for its username and for its email address, with blanks around it and in any case', async () => {
      const { id, username, email } = await signUp(api);
      const user = { id, username, isSuperuser: false, tierId: null, deleted: false, version: 1 };

      for (const login of [username, ` ${username.toUpperCase()}\t`, email, `${email.toUpperCase()} `]) {
        expect(await requests.request('users.verify-credentials', { login, password: PASSWORD })).toEqual(
          user,
        );
      }
    });

    it('normalizes the password before it compares', async () => {
      const { username } = await signUp(api, { password: 'ﬁne-pass-wörd' });

      const user = await requests.request('users.verify-credentials', {
        login: username,
        password: 'fine-pass-wo\u0308rd',
      });

      expect(user).toMatchObject({ username });
    });

    it('returns null for a wrong password, an unknown username and a deleted user', async () => {
      const { username } = await signUp(api);
      const deletedUser = await signUp(api);
      await api(`DELETE /user/${deletedUser.username}`, { token: deletedUser.token });

      const attempts = [
        { login: username, password: 'wrong-password' },
        { login: username, password: '' },
        { login: unique(), password: PASSWORD },
        { login: deletedUser.username, password: PASSWORD },
      ];

      for (const attempt of attempts) {
        expect(await requests.request('users.verify-credentials', attempt)).toBeNull();
      }
    });
  });

  describe('users.get-user and users.get-user-by-username', () => {
    it('return the snapshot of the user', async () => {
      const { id, username } = await signUp(api);
      const snapshot = { id, username, isSuperuser: false, tierId: null, deleted: false, version: 1 };

      expect(await requests.request('users.get-user', { id })).toEqual(snapshot);
      expect(await requests.request('users.get-user-by-username', { username })).toEqual(snapshot);
    });

    it('return null for an unknown and for a deleted user', async () => {
      const { id, username, token } = await signUp(api);
      await api(`DELETE /user/${username}`, { token });

      expect(await requests.request('users.get-user', { id })).toBeNull();
      expect(await requests.request('users.get-user-by-username', { username })).toBeNull();
      expect(await requests.request('users.get-user', { id: 2_147_483_647 })).toBeNull();
    });

    it('reject an invalid request with 422', async () => {
      const response = requests.request('users.get-user', { id: '1' as unknown as number });

      await expect(response).rejects.toMatchObject({
        status: 422,
        fields: [{ loc: ['body', 'id'], type: 'int_type' }],
      });
    });
  });

  describe('users.change-password', () => {
    it('replaces the password, and publishes which session stays valid', async () => {
      const { id, username } = await signUp(api);
      const change = {
        userId: id,
        currentPassword: PASSWORD,
        newPassword: 'staple-correct-horse',
        keepSessionId: 'a-session',
      };

      expect(await requests.request('users.change-password', change)).toEqual({ changed: true });

      const verify = (password: string) =>
        requests.request('users.verify-credentials', { login: username, password });
      expect(await verify(PASSWORD)).toBeNull();
      expect(await verify('staple-correct-horse')).toMatchObject({ id });
      const event = await eventAbout(events, 'user.password-changed', id);
      expect(event.data).toEqual({ userId: id, keepSessionId: 'a-session' });
    });

    it('increases the version of the user', async () => {
      const { id, username } = await signUp(api);
      const change = { userId: id, currentPassword: PASSWORD, newPassword: 'staple-correct-horse' };
      const before = await requests.request('users.verify-credentials', {
        login: username,
        password: PASSWORD,
      });

      await requests.request('users.change-password', { ...change, keepSessionId: null });

      const after = await requests.request('users.get-user', { id });
      expect(after!.version).toBeGreaterThan(before!.version);
    });

    it('changes the password once for two simultaneous requests with the same current password', async () => {
      const { id } = await signUp(api);
      const change = { userId: id, currentPassword: PASSWORD, keepSessionId: null };

      const responses = await Promise.all(
        ['first-correct-horse', 'second-correct-horse'].map((newPassword) =>
          requests.request('users.change-password', { ...change, newPassword }),
        ),
      );

      expect(responses.map(({ changed }) => changed).sort()).toEqual([false, true]);
    });

    it('changes nothing when the current password is wrong', async () => {
      const { id, username } = await signUp(api);
      const change = {
        userId: id,
        currentPassword: 'wrong',
        newPassword: 'staple-correct-horse',
        keepSessionId: null,
      };

      expect(await requests.request('users.change-password', change)).toEqual({ changed: false });

      const user = await requests.request('users.verify-credentials', {
        login: username,
        password: PASSWORD,
      });
      expect(user).toMatchObject({ id });
    });

    it('changes nothing for an unknown user', async () => {
      const change = {
        userId: 2_147_483_647,
        currentPassword: PASSWORD,
        newPassword: PASSWORD,
        keepSessionId: null,
      };

      expect(await requests.request('users.change-password', change)).toEqual({ changed: false });
    });
  });

  describe('users.get-rate-limit-rule', () => {
    it("returns the rule of the user's tier for a path, and a change of it immediately", async () => {
      const { id, username } = await signUp(api);
      const tier = await createTier(api);
      await assignTier(api, username, tier.id);
      const path = unique();
      const body = { path, limit: 5, period: 60 };
      const rule = await api(`POST /tier/${tier.name}/rate_limit`, { token: superuser, body });

      expect(await requests.request('users.get-rate-limit-rule', { userId: id, path })).toEqual({
        limit: 5,
        period: 60,
      });
      await api(`PATCH /tier/${tier.name}/rate_limit/${rule.body.id}`, {
        token: superuser,
        body: { limit: 6 },
      });
      expect(await requests.request('users.get-rate-limit-rule', { userId: id, path })).toEqual({
        limit: 6,
        period: 60,
      });
    });

    it('returns null for a user without a tier, and for a path without a rule', async () => {
      const { id, username } = await signUp(api);
      const getRule = () =>
        requests.request('users.get-rate-limit-rule', { userId: id, path: 'api_v1_tasks_task' });

      expect(await getRule()).toBeNull();
      await assignTier(api, username, (await createTier(api)).id);
      expect(await getRule()).toBeNull();
    });
  });
});
