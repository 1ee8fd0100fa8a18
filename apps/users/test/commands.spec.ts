import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Requests } from '@repo/messaging';
import { type Api, runCommandFile, type TestApp } from '@repo/testing';
import { PASSWORD, signUp, startUsersApp, unique } from './users-app.js';

const migrator = {
  POSTGRES_ADMIN_USER: '',
  POSTGRES_MIGRATOR_USER: 'users_migrator',
  POSTGRES_MIGRATOR_PASSWORD: 'postgres',
};

describe('commands for operators', () => {
  let app: TestApp;
  let api: Api;

  beforeAll(async () => {
    app = await startUsersApp();
    api = app.api;
  });
  afterAll(() => app.close());

  const run = (command: string, args: string[] = [], env: Record<string, string> = {}) =>
    runCommandFile(join(import.meta.dirname, '../src', `${command}.js`), args, { ...app.env, ...env });

  describe('create-first-superuser', () => {
    const admin = (username = unique()) => ({
      ADMIN_NAME: 'First Admin',
      ADMIN_USERNAME: username,
      ADMIN_EMAIL: `${username}@Example.com`,
      ADMIN_PASSWORD: 'a-password-of-the-admin',
    });

    it('creates a superuser who can log in', async () => {
      const env = admin();

      expect(await run('commands/create-first-superuser', [], env)).toMatchObject({ code: 0, stderr: '' });

      const credentials = { login: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD };
      const user = await app.nest.get(Requests).request('users.verify-credentials', credentials);
      expect(user).toMatchObject({ username: env.ADMIN_USERNAME, isSuperuser: true });
    });

    it('changes nothing when the user exists', async () => {
      const { username, email } = await signUp(api);

      const result = await run('commands/create-first-superuser', [], {
        ...admin(username),
        ADMIN_EMAIL: email,
      });

      expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('exists already') });
      const rows = await app.database.query('SELECT is_superuser FROM users.users WHERE username = $1', [
        username,
      ]);
      expect(rows).toEqual([{ is_superuser: false }]);
    });

    it('prints the reason and exits with 1 when the database does not exist', async () => {
      const result = await run('commands/create-first-superuser', [], {
        ...admin(),
        POSTGRES_DB: 'unknown',
      });

      expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('does not exist') });
    });
  });

  describe('create-first-tier', () => {
    it('creates a tier, and changes nothing when the tier exists', async () => {
      const name = unique();

      expect(await run('commands/create-first-tier', [], { TIER_NAME: name })).toMatchObject({ code: 0 });
      expect(await run('commands/create-first-tier', [], { TIER_NAME: name })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('exists already'),
      });

      expect((await api(`GET /tier/${name}`)).status).toBe(200);
    });
  });

  describe('grant-superuser and revoke-superuser', () => {
    it('set the role of the user and revoke the existing tokens immediately', async () => {
      const { username, token } = await signUp(api);
      const isSuperuser = async () => {
        const credentials = { login: username, password: PASSWORD };
        const user = await app.nest.get(Requests).request('users.verify-credentials', credentials);
        return user?.isSuperuser;
      };

      expect(await run('commands/grant-superuser', [username])).toMatchObject({ code: 0, stderr: '' });
      expect((await api('GET /user/me', { token })).status).toBe(401);
      expect(await isSuperuser()).toBe(true);

      expect(await run('commands/revoke-superuser', [username])).toMatchObject({ code: 0, stderr: '' });
      expect(await isSuperuser()).toBe(false);
    });

    it('exit with 1 for an unknown user and without a username', async () => {
      expect(await run('commands/grant-superuser', [unique()])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('User not found'),
      });
      expect(await run('commands/revoke-superuser')).toMatchObject({ code: 1 });
    });
  });

  describe('disable-user', () => {
    it('hides the user and revokes its tokens', async () => {
      const { username, token } = await signUp(api);

      expect(await run('commands/disable-user', [username])).toMatchObject({ code: 0, stderr: '' });

      expect((await api('GET /user/me', { token })).status).toBe(401);
      expect((await api(`GET /user/${username}`)).status).toBe(404);
    });
  });

  describe('migrate', () => {
    it('check exits with 0 when the migrations create what the entities declare', async () => {
      expect(await run('database/migrate', ['check'], migrator)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('agree'),
      });
    });

    it('status lists the applied migrations', async () => {
      const { code, stdout } = await run('database/migrate', ['status'], migrator);

      expect(code).toBe(0);
      expect(stdout).toMatch(/done +CreateUsers\d+/);
      expect(stdout).not.toContain('pending');
    });

    it('up succeeds in two processes at the same time', async () => {
      const results = await Promise.all([
        run('database/migrate', ['up'], migrator),
        run('database/migrate', ['up'], migrator),
      ]);

      expect(results.map(({ code }) => code)).toEqual([0, 0]);
    });
  });
});
