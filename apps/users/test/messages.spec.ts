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

describe('what other services ask of users', () => {
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

  it('declares who may call each route', () => {
    expect(undeclaredRoutes(app.nest)).toEqual([]);
  });

  describe('users.verify-credentials', () => {
    it('knows a user by its name, and by its address in whatever case', async () => {
      const { id, username, email } = await signUp(api);
      const user = { id, username, isSuperuser: false, tierId: null, deleted: false, version: 1 };

      for (const login of [username, email, email.toUpperCase()]) {
        expect(await requests.request('users.verify-credentials', { login, password: PASSWORD })).toEqual({
          user,
        });
      }
    });

    it('compares passwords in the form in which they are hashed', async () => {
      const { username } = await signUp(api, { password: 'ﬁne-pass-wörd' });

      const { user } = await requests.request('users.verify-credentials', {
        login: username,
        password: 'fine-pass-wo\u0308rd',
      });

      expect(user).toMatchObject({ username });
    });

    it('says null for a wrong password, an unknown name and a deleted user alike', async () => {
      const { username } = await signUp(api);
      const gone = await signUp(api);
      await api(`DELETE /user/${gone.username}`, { token: gone.token });

      const attempts = [
        { login: username, password: 'wrong-password' },
        { login: username, password: '' },
        { login: unique(), password: PASSWORD },
        { login: gone.username, password: PASSWORD },
      ];

      for (const attempt of attempts) {
        expect(await requests.request('users.verify-credentials', attempt)).toEqual({ user: null });
      }
    });
  });

  describe('users.get-user and users.get-user-by-username', () => {
    it('tell what other services may know', async () => {
      const { id, username } = await signUp(api);
      const snapshot = { id, username, isSuperuser: false, tierId: null, deleted: false, version: 1 };

      expect(await requests.request('users.get-user', { id })).toEqual(snapshot);
      expect(await requests.request('users.get-user-by-username', { username })).toEqual(snapshot);
    });

    it('know nobody who never was, or is deleted', async () => {
      const { id, username, token } = await signUp(api);
      await api(`DELETE /user/${username}`, { token });

      expect(await requests.request('users.get-user', { id })).toBeNull();
      expect(await requests.request('users.get-user-by-username', { username })).toBeNull();
      expect(await requests.request('users.get-user', { id: 2_147_483_647 })).toBeNull();
    });

    it('refuse what is no question of theirs', async () => {
      const asked = requests.request('users.get-user', { id: '1' as unknown as number });

      await expect(asked).rejects.toMatchObject({
        status: 422,
        fields: [{ loc: ['body', 'id'], type: 'int_type' }],
      });
    });
  });

  describe('users.change-password', () => {
    it('replaces the password, and tells which session may live on', async () => {
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
      expect(await verify(PASSWORD)).toEqual({ user: null });
      expect((await verify('staple-correct-horse')).user).toMatchObject({ id });
      const event = await eventAbout(events, 'user.password-changed', id);
      expect(event.data).toEqual({ userId: id, keepSessionId: 'a-session' });
    });

    it('gives the user another version: who was told of the old one knows that it is over', async () => {
      const { id, username } = await signUp(api);
      const change = { userId: id, currentPassword: PASSWORD, newPassword: 'staple-correct-horse' };
      const told = await requests.request('users.verify-credentials', {
        login: username,
        password: PASSWORD,
      });

      await requests.request('users.change-password', { ...change, keepSessionId: null });

      const now = await requests.request('users.get-user', { id });
      expect(now!.version).toBeGreaterThan(told.user!.version);
    });

    it('is done once by two that start from the same password', async () => {
      const { id } = await signUp(api);
      const change = { userId: id, currentPassword: PASSWORD, keepSessionId: null };

      const answers = await Promise.all(
        ['first-correct-horse', 'second-correct-horse'].map((newPassword) =>
          requests.request('users.change-password', { ...change, newPassword }),
        ),
      );

      expect(answers.map(({ changed }) => changed).sort()).toEqual([false, true]);
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

      const { user } = await requests.request('users.verify-credentials', {
        login: username,
        password: PASSWORD,
      });
      expect(user).toMatchObject({ id });
    });

    it('does not work for a user that is not there', async () => {
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
    it("tells the rule of the user's tier for a path, and a change of it at once", async () => {
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

    it('knows none without a tier, and none for another path', async () => {
      const { id, username } = await signUp(api);
      const ask = () =>
        requests.request('users.get-rate-limit-rule', { userId: id, path: 'api_v1_tasks_task' });

      expect(await ask()).toBeNull();
      await assignTier(api, username, (await createTier(api)).id);
      expect(await ask()).toBeNull();
    });
  });
});
