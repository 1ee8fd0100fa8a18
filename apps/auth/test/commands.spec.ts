import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommandFile } from '@repo/testing';
import { type AuthApp, decode, logIn, startAuthApp } from './auth-app.js';

describe('commands for operators', () => {
  let app: AuthApp;

  beforeAll(async () => {
    app = await startAuthApp();
  });
  afterAll(() => app.close());

  const run = (command: string, args: string[] = [], env: Record<string, string> = {}) =>
    runCommandFile(join(import.meta.dirname, '../src', `${command}.js`), args, { ...app.env, ...env });

  it('purge deletes only expired sessions and revocations', async () => {
    const over = await logIn(app.api, app.users.add());
    const live = await logIn(app.api, app.users.add());
    const { sid } = decode(over.accessToken).claims;
    await app.api('POST /logout', { token: over.accessToken });
    await app.database.query(`UPDATE auth.sessions SET expires_at = now() - interval '1 s' WHERE id = $1`, [
      sid,
    ]);
    await app.database.query(`UPDATE auth.revocations SET expires_at = now() WHERE subject = $1`, [
      `session:${sid}`,
    ]);

    expect(await run('commands/purge')).toMatchObject({ code: 0, stderr: '' });

    expect(await app.database.query('SELECT FROM auth.sessions WHERE id = $1', [sid])).toEqual([]);
    expect(await app.database.query('SELECT FROM auth.refresh_tokens WHERE session_id = $1', [sid])).toEqual(
      [],
    );
    expect(
      await app.database.query('SELECT FROM auth.revocations WHERE subject = $1', [`session:${sid}`]),
    ).toEqual([]);
    expect((await app.api('GET /sessions', { token: live.accessToken })).status).toBe(200);
  });

  it('rotate-keys publishes a second key, prints its id and keeps older tokens valid', async () => {
    const before = await logIn(app.api, app.users.add());

    const { code, stdout } = await run('commands/rotate-keys');

    expect(code).toBe(0);
    const { keys } = (await fetch(`${app.url}/.well-known/jwks.json`).then((response) =>
      response.json(),
    )) as {
      keys: { kid: string }[];
    };
    expect(keys).toHaveLength(2);
    expect(stdout).toContain(keys.find(({ kid }) => kid !== decode(before.accessToken).header.kid)!.kid);
    expect((await app.api('GET /sessions', { token: before.accessToken })).status).toBe(200);
  });

  it('migrate check succeeds when the migrations create the schema of the entities', async () => {
    const migrator = { POSTGRES_ADMIN_USER: '', POSTGRES_MIGRATOR_PASSWORD: 'postgres' };

    expect(await run('database/migrate', ['check'], migrator)).toMatchObject({ code: 0, stderr: '' });
  });
});
