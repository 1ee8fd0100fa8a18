// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_GUESTS, SERVICES } from '../../infra/services.ts';
import { ADMIN, DATABASE } from '../servers/postgres.ts';

/**
 * Takes what `.env` sets into the environment; what is set there already stays.
 *
 * @param {string} root
 */
export function loadSettings(root) {
  const file = join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/**
 * What the processes of an app find in their environment: the user's own settings, then where things are, then
 * what the caller overrides. Secrets are given as files.
 *
 * @typedef {object} Surroundings
 * @property {NodeJS.ProcessEnv} base  the runner's own environment
 * @property {Record<string, number>} ports
 * @property {import('./given-servers.ts').GivenServers} given
 * @property {string} secretsDir
 * @property {Record<string, string>} [overrides]
 */

/** Ours to decide: left over in a shell, they would send every app to the same port or account. */
const MANAGED =
  /^(PORT|INTERNAL_PORT|HOST|POSTGRES_.*|REDIS_(CACHE|QUEUE|RATE_LIMIT)_(HOST|PORT)|REDIS_(USERNAME|PASSWORD)(_FILE)?|NATS_.*)$/;
const KEPT = new Set(['POSTGRES_POOL_SIZE']);

/**
 * @param {string} service
 * @param {Surroundings} surroundings
 * @returns {NodeJS.ProcessEnv}
 */
export function serviceEnvironment(service, { base, ports, given, secretsDir, overrides }) {
  const inherited = Object.entries(base).filter(([name]) => KEPT.has(name) || !MANAGED.test(name));
  const secret = (/** @type {string} */ name) => join(secretsDir, name);
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    ...(base.SECRET_KEY || base.SECRET_KEY_FILE ? {} : { SECRET_KEY_FILE: secret('secret_key') }),
    ...postgres(service, { ports, given, secret }),
    ...redis(service, { ports, given, secret }),
    ...nats(service, { ports, given, secret }),
    ...overrides,
  };
}

/**
 * What `migrate` needs besides: an administrator, who creates roles and schema, and the role that owns it.
 *
 * @param {string} service
 * @param {Surroundings} surroundings
 * @returns {NodeJS.ProcessEnv}
 */
export function migrationEnvironment(service, surroundings) {
  const { given, secretsDir } = surroundings;
  return {
    ...serviceEnvironment(service, surroundings),
    POSTGRES_MIGRATOR_PASSWORD_FILE: join(secretsDir, `postgres_${service}_migrator`),
    ...Object.fromEntries(
      SCHEMA_GUESTS.filter((guest) => SERVICES[guest].schema === service).map((guest) => [
        `${guest.toUpperCase()}_POSTGRES_PASSWORD_FILE`,
        join(secretsDir, `postgres_${guest}`),
      ]),
    ),
    ...(given.postgres
      ? { POSTGRES_ADMIN_USER: given.postgres.user, POSTGRES_ADMIN_PASSWORD: given.postgres.password }
      : { POSTGRES_ADMIN_USER: ADMIN, POSTGRES_ADMIN_PASSWORD_FILE: join(secretsDir, 'postgres_admin') }),
  };
}

/**
 * @typedef {Pick<Surroundings, 'ports' | 'given'> & { secret: (name: string) => string }} Where
 */

/**
 * @param {string} service
 * @param {Where} where
 */
function postgres(service, { ports, given, secret }) {
  const { host, port, database } = given.postgres ?? {
    host: '127.0.0.1',
    port: ports.postgres,
    database: DATABASE,
  };
  return {
    POSTGRES_SERVER: host,
    POSTGRES_PORT: String(port),
    POSTGRES_DB: database,
    POSTGRES_USER: service,
    POSTGRES_PASSWORD_FILE: secret(`postgres_${service}`),
  };
}

/**
 * @param {string} service
 * @param {Where} where
 */
function redis(service, { ports, given, secret }) {
  const local = (/** @type {string} */ name) => ({ host: '127.0.0.1', port: ports[name] });
  const own = {
    cache: local('redis-cache'),
    rateLimit: local('redis-limits'),
    queue: local('redis-queue'),
  };
  const { cache, rateLimit, queue } = given.redis ?? own;
  return {
    REDIS_CACHE_HOST: cache.host,
    REDIS_CACHE_PORT: String(cache.port),
    REDIS_RATE_LIMIT_HOST: rateLimit.host,
    REDIS_RATE_LIMIT_PORT: String(rateLimit.port),
    REDIS_QUEUE_HOST: queue.host,
    REDIS_QUEUE_PORT: String(queue.port),
    ...(given.redis
      ? { REDIS_USERNAME: given.redis.user, REDIS_PASSWORD: given.redis.password }
      : { REDIS_USERNAME: service, REDIS_PASSWORD_FILE: secret(`redis_${service}`) }),
  };
}

/**
 * @param {string} service
 * @param {Where} where
 */
function nats(service, { ports, given, secret }) {
  return given.nats
    ? { NATS_URL: given.nats.url, NATS_USER: given.nats.user, NATS_PASSWORD: given.nats.password }
    : {
        NATS_URL: `nats://127.0.0.1:${ports.nats}`,
        NATS_USER: service,
        NATS_PASSWORD_FILE: secret(`nats_${service}`),
      };
}
