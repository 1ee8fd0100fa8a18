import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../../../tools/lib/root.ts';
import type { Attack } from '../attack.ts';
import type { Fixture } from '../fixture.ts';
import { api } from '../../support/api.ts';
import { createUser, newUser, uniqueName, type User } from '../../support/users.ts';

/** The lines of all logs. */
async function logLines({ dir }: Fixture): Promise<string[]> {
  await delay(1_500); // The gateway writes its log once a second.
  const folder = join(dir, 'logs');
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean),
  );
}

/** A secret that passes through the system in every way, and must not be in any log. */
function notLogged(what: string, asvs: string, secretOf: (user: User) => string): Attack {
  return {
    name: `${what} in the logs`,
    asvs,
    api: 'API8',
    attempt: async (fixture) => {
      const user = await createUser({ password: 'a password for the logs 7' });
      const { token, cookie, username, password } = user;
      await api('POST /login', { form: { username, password: `${password}x` } });
      await api('POST /refresh', { headers: { Cookie: cookie } });
      await api(`GET /user/me?token=${token}&email=${user.email}`, { token });
      await api('POST /user', { body: { ...newUser(), email: user.email, password } });
      await api(`PATCH /user/${username}`, { token, body: { email: 'no address', password } });
      const secret = secretOf(user);
      const found = (await logLines(fixture)).filter((line) => line.includes(secret));
      return found.length > 0 ? `in ${found.length} lines` : 'in no line';
    },
    expected: 'in no line',
  };
}

/** An event that must be in a log. */
function logged(event: string, cause: (fixture: Fixture) => Promise<unknown>): Attack {
  return {
    name: `${event} without a log line`,
    asvs: event.startsWith('access') ? '16.3.2' : '16.3.1',
    api: 'API8',
    attempt: async (fixture) => {
      await cause(fixture);
      return (await logLines(fixture)).some((line) => line.includes(`"event":"${event}"`))
        ? 'logged'
        : 'not logged';
    },
    expected: 'logged',
  };
}

/** A start with an invalid setting. Expected is an error that names the setting. */
function start(name: string, app: string, settings: NodeJS.ProcessEnv, setting: string): Attack {
  return {
    name,
    asvs: '13.2.3',
    api: 'API8',
    attempt: ({ env }) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ['dist/src/main.js'], {
          cwd: join(ROOT, 'apps', app),
          env: { ...env(app), PORT: '65001', INTERNAL_PORT: '65002', ...settings },
          timeout: 40_000,
        });
        let output = '';
        child.stderr.on('data', (data) => (output += String(data)));
        child.stdout.on('data', (data) => (output += String(data)));
        child.on('close', (code) =>
          resolve(`${/\b[A-Z]+_[A-Z_]+\b/.exec(output)?.[0] ?? output.slice(0, 80)}, exit code ${code}`),
        );
      }),
    expected: `${setting}, exit code 1`,
  };
}

export const LOGS: Attack[] = [
  notLogged('a password', '16.2.5', (user) => user.password),
  notLogged('an access token', '16.2.5', (user) => user.token.split('.')[1]!),
  notLogged('a refresh token', '16.2.5', (user) => user.cookie.split('.')[1]!),
  notLogged('an email address', '16.2.5', (user) => user.email),
  notLogged("a client's full address", '16.2.5', () => '"address":"127.0.0.1"'),
  {
    name: 'a forged line in the logs',
    asvs: '16.4.1',
    api: 'API8',
    attempt: async (fixture) => {
      const evil = '\r\n{"level":"info","event":"login.succeeded","evil":true}';
      await api(`GET /user/${encodeURIComponent(evil)}`, { headers: { 'User-Agent': 'x"}{"evil":true}' } });
      await api('POST /login', { form: { username: evil, password: evil } });
      const lines = await logLines(fixture);
      const readable = lines.filter((line) => line.startsWith('{')).every((line) => parses(line));
      return lines.some((line) => line.startsWith('{"level":"info","event":"login.succeeded","evil"')) ||
        !readable
        ? 'forged'
        : 'not forged';
    },
    expected: 'not forged',
  },
  logged('login.failed', ({ newClient }) =>
    newClient()('POST /login', { form: { username: 'nobody', password: 'x' } }),
  ),
  logged('login.succeeded', () => createUser()),
  logged('login.slowed', async ({ newClient }) => {
    const form = { username: uniqueName(), password: 'x' };
    for (let i = 0; i < 11; i++) await newClient()('POST /login', { form });
  }),
  logged('access.refused', ({ alice }) => api('POST /tier', { token: alice.token, body: { name: 'x' } })),
  start(
    'a start in production with the default secret',
    'auth',
    { ENVIRONMENT: 'production', SECRET_KEY: '', SECRET_KEY_FILE: '' },
    'SECRET_KEY',
  ),
  ...['POSTGRES_PASSWORD', 'NATS_PASSWORD', 'REDIS_PASSWORD'].map((name) =>
    start(
      `a start in production without a ${name}`,
      'posts',
      { ENVIRONMENT: 'production', [name]: '', [`${name}_FILE`]: '' },
      name,
    ),
  ),
  start(
    'a start in production with a short secret',
    'auth',
    { ENVIRONMENT: 'production', SECRET_KEY: 'short', SECRET_KEY_FILE: '' },
    'SECRET_KEY',
  ),
];

function parses(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
