// @ts-check
import { KEYS_OF, REDIS_KINDS } from '../redis/redis-config.ts';
import { SERVICE_NAMES, SERVICES } from '../services.ts';

/** @typedef {import('./check.ts').Attempt} Attempt */

const COMMANDS = [
  ['FLUSHALL'],
  ['CONFIG', 'GET', '*'],
  ['ACL', 'LIST'],
  ['KEYS', '*'],
  ['SHUTDOWN', 'NOSAVE'],
];
const REFUSALS = /^(NOPERM|WRONGPASS|NOAUTH)/;

/**
 * @param {import('./check.ts').Servers['redis']} servers
 * @param {(name: string) => string} secret
 * @param {typeof import('ioredis')} ioredis
 * @returns {Attempt[]}
 */
export function redisAttempts(servers, secret, { Redis }) {
  return REDIS_KINDS.flatMap((kind) => {
    const address = servers[kind];
    const keysOf = KEYS_OF[kind];
    const patterns = [...new Set(SERVICE_NAMES.flatMap((name) => SERVICES[name][keysOf])), 'anything:*'];
    return [...SERVICE_NAMES, 'nobody'].flatMap((name) => {
      const own = name === 'nobody' ? [] : SERVICES[/** @type {keyof typeof SERVICES} */ (name)][keysOf];
      /** @type {[command: string[], allowed: boolean][]} */
      const cases = [
        ...patterns.flatMap((pattern) => onKeys(pattern, own.includes(/** @type {never} */ (pattern)))),
        ...COMMANDS.map((command) => /** @type {[string[], boolean]} */ ([command, false])),
      ];
      return cases.map(([command, allowed]) => ({
        who: `Redis ${kind} ${name}`,
        what: command.join(' '),
        allowed,
        try: () => runs(command, connection(name)),
      }));
    });

    /** @param {string} name */
    function connection(name) {
      const credentials = name === 'nobody' ? {} : { username: name, password: secret(`redis_${name}`) };
      return new Redis({
        ...{ ...address, ...credentials },
        ...{ lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null },
      });
    }
  });
}

/** @param {string} pattern @param {boolean} own @returns {[string[], boolean][]} */
function onKeys(pattern, own) {
  const key = pattern.replace('*', 'rights-check');
  return [
    [['GET', key], own],
    [['DEL', key], own],
    [['EVAL', "return redis.call('GET', KEYS[1])", '1', key], own],
  ];
}

/** @param {string[]} command @param {import('ioredis').Redis} redis */
async function runs([command = '', ...args], redis) {
  /** @type {Error | undefined} */
  let loginError;
  redis.on('error', (error) => (loginError ??= error));
  try {
    await redis.connect();
    await redis.call(command, ...args);
    return true;
  } catch (error) {
    const { message } = loginError ?? /** @type {Error} */ (error);
    if (REFUSALS.test(message)) return false;
    throw error;
  } finally {
    redis.disconnect();
  }
}
