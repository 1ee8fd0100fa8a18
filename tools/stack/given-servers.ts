// @ts-check
import { Failure } from '../lib/failure.ts';
import { answersNats, answersPostgres, answersRedis } from '../processes/probes.ts';
import { DATABASE } from '../servers/postgres.ts';

/**
 * Servers that already run somewhere, named by the environment; what is not named is started privately.
 *
 * @typedef {{ host: string, port: number }} Address
 * @typedef {object} GivenServers
 * @property {Address & { database: string, user: string, password: string }} [postgres]  user: an administrator
 * @property {{ cache: Address, rateLimit: Address, queue: Address, user: string, password: string }} [redis]
 * @property {{ url: string, user: string, password: string }} [nats]
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {GivenServers}
 */
export function givenServers(env) {
  /** @type {GivenServers} */
  const given = {};
  if (env.POSTGRES_SERVER) {
    given.postgres = {
      host: env.POSTGRES_SERVER,
      port: Number(env.POSTGRES_PORT || 5432),
      database: env.POSTGRES_DB || DATABASE,
      user: env.POSTGRES_USER || 'postgres',
      password: env.POSTGRES_PASSWORD || '',
    };
  }
  const hosts = ['CACHE', 'RATE_LIMIT', 'QUEUE'].filter((use) => env[`REDIS_${use}_HOST`]);
  if (hosts.length > 0) {
    // One server may serve all three: a use that is not named goes to the first that is.
    const address = (/** @type {string} */ use) => {
      const named = env[`REDIS_${use}_HOST`] ? use : hosts[0];
      return { host: env[`REDIS_${named}_HOST`] ?? '', port: Number(env[`REDIS_${named}_PORT`] || 6379) };
    };
    given.redis = {
      ...{ cache: address('CACHE'), rateLimit: address('RATE_LIMIT'), queue: address('QUEUE') },
      ...{ user: env.REDIS_USERNAME ?? '', password: env.REDIS_PASSWORD ?? '' },
    };
  }
  if (env.NATS_URL) {
    given.nats = { url: env.NATS_URL, user: env.NATS_USER ?? '', password: env.NATS_PASSWORD ?? '' };
  }
  return given;
}

/**
 * A given server that does not answer stops the start, by name.
 *
 * @param {GivenServers} given
 */
export async function checkGivenServers({ postgres, redis, nats }) {
  const natsUrl = nats ? new URL(nats.url.split(',')[0]) : undefined;
  await Promise.all([
    postgres && expect('PostgreSQL', 'POSTGRES_SERVER', postgres, answersPostgres),
    redis && expect('Redis', 'REDIS_CACHE_HOST', redis.cache, answersRedis),
    redis && expect('Redis', 'REDIS_RATE_LIMIT_HOST', redis.rateLimit, answersRedis),
    redis && expect('Redis', 'REDIS_QUEUE_HOST', redis.queue, answersRedis),
    natsUrl &&
      expect(
        'NATS with JetStream',
        'NATS_URL',
        { host: natsUrl.hostname, port: Number(natsUrl.port || 4222) },
        answersNats,
      ),
  ]);
}

/**
 * @param {string} title
 * @param {string} variable
 * @param {Address} address
 * @param {(address: Address) => Promise<boolean>} answers
 */
async function expect(title, variable, { host, port }, answers) {
  if (await answers({ host, port }).catch(() => false)) return;
  throw new Failure(
    `No ${title} answers at ${host}:${port}: start it, correct ${variable}, or leave that unset for a private one.`,
  );
}
