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

  const run = (command: string, args: string[] = [], env: Record<string, string> = {}, input = '') =>
    runCommandFile(join(import.meta.dirname, '../src', `${command}.js`), args, { ...app.env, ...env }, input);
  const verify = (login: string, password: string) =>
    app.nest.get(Requests).request('users.verify-credentials', { login, password });

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

      const user = await verify(env.ADMIN_EMAIL, env.ADMIN_PASSWORD);
      expect(user).toMatchObject({ username: env.ADMIN_USERNAME, isSuperuser: true });
    });

    it('creates one superuser when two processes run it at the same time', async () => {
      const env = admin();

      const results = await Promise.all([1, 2].map(() => run('commands/create-first-superuser', [], env)));

      expect(results.map(({ code }) => code)).toEqual([0, 0]);
    });

    it('changes nothing when the superuser exists, and names the settings that differ', async () => {
      const env = admin();
      await run('commands/create-first-superuser', [], env);

      const same = await run('commands/create-first-superuser', [], env);
      const other = { ...env, ADMIN_PASSWORD: 'another-password-of-it' };
      const differing = await run('commands/create-first-superuser', [], other);

      expect([same.code, same.stdout]).toEqual([0, `Superuser ${env.ADMIN_USERNAME} exists already\n`]);
      expect(differing).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/ differs from ADMIN_PASSWORD\n$/),
      });
      expect(await verify(env.ADMIN_USERNAME, env.ADMIN_PASSWORD)).not.toBeNull();
    });

    it('fails with the way out when another user has the username or the address', async () => {
      const { username, email } = await signUp(api);

      for (const env of [admin(username), { ...admin(), ADMIN_EMAIL: email }]) {
        const result = await run('commands/create-first-superuser', [], env);

        expect(result).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/is no superuser.+grant-superuser.+ADMIN_USERNAME/),
        });
      }
      expect(await verify(username, PASSWORD)).toMatchObject({ isSuperuser: false });
    });

    it('fails when the settings break the rules of the API, and names each', async () => {
      const result = await run('commands/create-first-superuser', [], {
        ADMIN_NAME: 'x',
        ADMIN_USERNAME: 'The Boss',
        ADMIN_EMAIL: 'boss',
        ADMIN_PASSWORD: 'password',
      });

      expect(result.code).toBe(1);
      for (const name of ['ADMIN_NAME', 'ADMIN_USERNAME', 'ADMIN_EMAIL', 'ADMIN_PASSWORD'])
        expect(result.stderr).toContain(`${name}: `);
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

    it('fails when the name breaks the rules of the API', async () => {
      const result = await run('commands/create-first-tier', [], { TIER_NAME: 'free/paid' });

      expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('TIER_NAME: ') });
    });
  });

  describe('grant-superuser and revoke-superuser', () => {
    it('set the role of the user and revoke the existing tokens immediately', async () => {
      const { username, token } = await signUp(api);
      const isSuperuser = async () => (await verify(username, PASSWORD))?.isSuperuser;
      expect(await run('commands/create-first-superuser')).toMatchObject({ code: 0 });

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

  describe('set-password', () => {
    it('sets the password that it reads, and revokes the tokens of the user', async () => {
      const { username, token } = await signUp(api);

      const result = await run('commands/set-password', [username], {}, 'staple-correct-horse\n');

      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect((await api('GET /user/me', { token })).status).toBe(401);
      expect(await verify(username, PASSWORD)).toBeNull();
      expect(await verify(username, 'staple-correct-horse')).toMatchObject({ username });
    });

    it('exits with 1 and the reason for a weak or missing password and an unknown user', async () => {
      const { username } = await signUp(api);
      const reasonOf = async (name: string, input: string) => {
        const { code, stderr } = await run('commands/set-password', [name], {}, input);
        return [code, stderr];
      };

      expect(await reasonOf(username, 'short\n')).toEqual([
        1,
        expect.stringContaining('at least 8 characters'),
      ]);
      expect(await reasonOf(username, '')).toEqual([1, expect.stringContaining('password: ')]);
      expect(await reasonOf(unique(), 'staple-correct-horse')).toEqual([1, 'User not found\n']);
      expect(await verify(username, PASSWORD)).not.toBeNull();
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
