import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api, TestApp } from '@repo/testing';
import { UsersService } from '../src/users/users.service.js';
import { refusal, type SignedUp, signUp, startUsersApp, superuser } from './users-app.js';

const LAST = { status: 409, detail: 'The last superuser cannot be removed' };

describe('the last superuser', () => {
  let app: TestApp;
  let api: Api;
  let users: UsersService;
  let last: SignedUp;

  const count = async () =>
    (await app.database.query('SELECT FROM users.users WHERE is_superuser AND deleted_at IS NULL')).length;
  const createSuperuser = async () => {
    const user = await signUp(api);
    await users.setSuperuser(user.username, true);
    return user;
  };

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
    users = app.nest.get(UsersService);
  });
  beforeEach(async () => {
    await app.database.query('UPDATE users.users SET is_superuser = false');
    last = await createSuperuser();
  });
  afterAll(() => app.close());

  it('cannot be hard-deleted, disabled or made an ordinary user', async () => {
    const { username } = last;

    expect(refusal(await api(`DELETE /db_user/${username}`, { token: superuser }))).toEqual(LAST);
    await expect(users.disable(username)).rejects.toMatchObject(LAST);
    await expect(users.setSuperuser(username, false)).rejects.toMatchObject(LAST);
    expect(await count()).toBe(1);
  });

  it('cannot delete its own user, and can when there is another one', async () => {
    const caller = { id: last.id, username: last.username, isSuperuser: true, tierId: null };

    await expect(users.softDelete(last.username, caller as never)).rejects.toMatchObject(LAST);
    await createSuperuser();
    await users.softDelete(last.username, caller as never);

    expect(await count()).toBe(1);
  });

  it('does not count a superuser who was deleted', async () => {
    const other = await createSuperuser();
    await users.disable(other.username);

    await expect(users.disable(last.username)).rejects.toMatchObject(LAST);
    expect((await api(`DELETE /db_user/${other.username}`, { token: superuser })).status).toBe(200);
  });

  it.each(['hardDelete', 'disable'] as const)(
    'stays when %s runs for all superusers at the same time',
    async (remove) => {
      const all = [last, await createSuperuser(), await createSuperuser()];

      const results = await Promise.allSettled(all.map(({ username }) => users[remove](username)));

      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: LAST });
      expect(await count()).toBe(1);
    },
  );
});
