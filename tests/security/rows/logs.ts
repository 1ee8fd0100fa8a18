import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Attack } from '../attack.js';
import type { World } from '../world.js';
import { api } from '../../support/gateway.js';
import { join, newUser, uniqueName } from '../../support/people.js';

/** Lines of every log, once what was asked for has reached them. */
async function logLines({ dir }: World): Promise<string[]> {
  await delay(1_500); // The gateway writes its log once a second.
  const folder = joinPath(dir, 'logs');
  return readdirSync(folder).flatMap((file) =>
    readFileSync(joinPath(folder, file), 'utf8').split('\n').filter(Boolean),
  );
}

/** Something that a log must not hold, after it went through the system in every way. */
function unwritten(
  what: string,
  asvs: string,
  secretOf: (used: { person: Awaited<ReturnType<typeof join>>; address: string }) => string,
): Attack {
  return {
    name: `${what} in the logs`,
    asvs,
    api: 'API8',
    attempt: async (world) => {
      const person = await join({ password: 'a password for the logs 7' });
      const { token, cookie, username, password } = person;
      await api('POST /login', { form: { username, password: `${password}x` } });
      await api('POST /refresh', { headers: { Cookie: cookie } });
      await api(`GET /user/me?token=${token}&email=${person.email}`, { token });
      await api('POST /user', { body: { ...newUser(), email: person.email, password } });
      await api(`PATCH /user/${username}`, { token, body: { email: 'no address', password } });
      const secret = secretOf({ person, address: '127.0.0.1' });
      const found = (await logLines(world)).filter((line) => line.includes(secret));
      return found.length > 0 ? `in ${found.length} lines` : 'in no line';
    },
    right: 'in no line',
  };
}

/** Whether an event is in the log of a service. */
function written(event: string, cause: (world: World) => Promise<unknown>): Attack {
  return {
    name: `${event} leaves no trace`,
    asvs: event.startsWith('access') ? '16.3.2' : '16.3.1',
    api: 'API8',
    attempt: async (world) => {
      await cause(world);
      return (await logLines(world)).some((line) => line.includes(`"event":"${event}"`))
        ? 'it is in the log'
        : 'no trace';
    },
    right: 'it is in the log',
  };
}

/** A start with a setting that is no good; right is the name of the setting that stops it. */
function start(name: string, app: string, settings: NodeJS.ProcessEnv, right: string): Attack {
  return {
    name,
    asvs: '13.2.3',
    api: 'API8',
    attempt: ({ env, root }) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ['dist/src/main.js'], {
          cwd: joinPath(root, 'apps', app),
          env: { ...env(app), PORT: '65001', INTERNAL_PORT: '65002', ...settings },
          timeout: 40_000,
        });
        let said = '';
        child.stderr.on('data', (data) => (said += String(data)));
        child.stdout.on('data', (data) => (said += String(data)));
        child.on('close', (code) =>
          resolve(`${/\b[A-Z]+_[A-Z_]+\b/.exec(said)?.[0] ?? said.slice(0, 80)} stops it with ${code}`),
        );
      }),
    right: `${right} stops it with 1`,
  };
}

export const LOGS: Attack[] = [
  unwritten('a password', '16.2.5', ({ person }) => person.password),
  unwritten('an access token', '16.2.5', ({ person }) => person.token.split('.')[1]!),
  unwritten('a refresh token', '16.2.5', ({ person }) => person.cookie.split('.')[1]!),
  unwritten('an email address', '16.2.5', ({ person }) => person.email),
  unwritten("a client's full address", '16.2.5', ({ address }) => `"address":"${address}"`),
  {
    name: 'a line of its own in the logs',
    asvs: '16.4.1',
    api: 'API8',
    attempt: async (world) => {
      const evil = '\r\n{"level":"info","event":"login.succeeded","evil":true}';
      await api(`GET /user/${encodeURIComponent(evil)}`, { headers: { 'User-Agent': 'x"}{"evil":true}' } });
      await api('POST /login', { form: { username: evil, password: evil } });
      const lines = await logLines(world);
      const readable = lines.filter((line) => line.startsWith('{')).every((line) => parses(line));
      return lines.some((line) => line.startsWith('{"level":"info","event":"login.succeeded","evil"')) ||
        !readable
        ? 'written'
        : 'not written';
    },
    right: 'not written',
  },
  written('login.failed', ({ stranger }) =>
    stranger()('POST /login', { form: { username: 'nobody', password: 'x' } }),
  ),
  written('login.succeeded', () => join()),
  written('login.slowed', async ({ stranger }) => {
    const form = { username: uniqueName(), password: 'x' };
    for (let i = 0; i < 11; i++) await stranger()('POST /login', { form });
  }),
  written('access.refused', ({ alice }) => api('POST /tier', { token: alice.token, body: { name: 'x' } })),
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
