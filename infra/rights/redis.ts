import type ioredis from 'ioredis';
import { KEYS_OF, REDIS_KINDS } from '../redis/redis-config.ts';
import { SERVICE_NAMES, SERVICES } from '../services.ts';
import type { Attempt, Servers } from './check.ts';

const REFUSED_TO_ALL = [
  ['FLUSHALL'],
  ['CONFIG', 'GET', '*'],
  ['ACL', 'LIST'],
  ['KEYS', '*'],
  ['SHUTDOWN', 'NOSAVE'],
];
const REFUSALS = /^(NOPERM|WRONGPASS|NOAUTH)/;

export function redisAttempts(
  servers: Servers['redis'],
  secret: (name: string) => string,
  { Redis }: typeof ioredis,
): Attempt[] {
  return REDIS_KINDS.flatMap((kind) => {
    const keysOf = (name: (typeof SERVICE_NAMES)[number]) => SERVICES[name][KEYS_OF[kind]];
    const patterns = [...new Set(SERVICE_NAMES.flatMap(keysOf)), 'other:*'];
    const accounts = [
      ...SERVICE_NAMES.map((name) => ({
        name,
        own: keysOf(name),
        login: { username: name, password: secret(`redis_${name}`) },
      })),
      { name: 'without a password', own: [] as string[], login: {} },
    ];
    return accounts.flatMap(({ name, own, login }) => {
      const options = { ...servers[kind], ...login, lazyConnect: true, enableReadyCheck: false };
      const attempt = (command: string[], allowed: boolean): Attempt => ({
        account: `Redis ${kind} ${name}`,
        action: command.join(' '),
        allowed,
        works: () => runs(command, new Redis({ ...options, retryStrategy: () => null })),
      });
      return [
        ...patterns.flatMap((pattern) =>
          commandsOn(pattern).map((command) => attempt(command, own.includes(pattern))),
        ),
        ...REFUSED_TO_ALL.map((command) => attempt(command, false)),
      ];
    });
  });
}

function commandsOn(pattern: string): string[][] {
  const key = pattern.replace('*', 'rights-check');
  return [
    ['GET', key],
    ['DEL', key],
    ['EVAL', "return redis.call('GET', KEYS[1])", '1', key],
  ];
}

async function runs([command = '', ...args]: string[], redis: ioredis.Redis): Promise<boolean> {
  let loginError: Error | undefined;
  redis.on('error', (error: Error) => (loginError ??= error));
  try {
    await redis.connect();
    await redis.call(command, ...args);
    return true;
  } catch (error) {
    if (REFUSALS.test((loginError ?? (error as Error)).message)) return false;
    throw error;
  } finally {
    redis.disconnect();
  }
}
