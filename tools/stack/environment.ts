import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_GUESTS, SERVICES } from '../../infra/services.ts';
import { ROOT } from '../lib/root.ts';
import type { Address } from '../processes/probes.ts';
import { portOf } from '../lib/ports.ts';
import { ADMIN, DATABASE } from '../servers/postgres.ts';
import type { ExternalServers } from './external-servers.ts';

/** Where the parts of a stack are: from this follows the environment of every app. */
export interface StackLayout {
  /** The environment of the user: settings there apply to every app. */
  base: NodeJS.ProcessEnv;
  ports: Record<string, number>;
  external: ExternalServers;
  secretsDir: string;
  /** Settings for every app that override all others. */
  overrides?: Record<string, string>;
}

const HOST = '127.0.0.1';
/** Variables that the stack decides: from a shell, they would send every app to the same port or account. */
const MANAGED =
  /^(PORT|INTERNAL_PORT|HOST|POSTGRES_.*|REDIS_(CACHE|QUEUE|RATE_LIMIT)_(HOST|PORT)|REDIS_(USERNAME|PASSWORD)(_FILE)?|NATS_.*)$/;
const NOT_MANAGED = new Set(['POSTGRES_POOL_SIZE']);

/** Adds the settings of `.env` to the environment, which has precedence. */
export function loadSettings(): void {
  const file = join(ROOT, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/** The environment of an app: the settings of the user, where its servers are, and its accounts. Secrets are files. */
export function serviceEnvironment(service: string, layout: StackLayout): NodeJS.ProcessEnv {
  const { base, secretsDir, overrides } = layout;
  const inherited = Object.entries(base).filter(([name]) => NOT_MANAGED.has(name) || !MANAGED.test(name));
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    HOST,
    ...(base.SECRET_KEY || base.SECRET_KEY_FILE ? {} : { SECRET_KEY_FILE: join(secretsDir, 'secret_key') }),
    ...postgresVariables(service, layout),
    ...redisVariables(service, layout),
    ...natsVariables(service, layout),
    ...overrides,
  };
}

/** The environment of `migrate`: besides, an administrator, who creates roles and schema, and the schema's owner. */
export function migrationEnvironment(service: string, layout: StackLayout): NodeJS.ProcessEnv {
  const { external, secretsDir } = layout;
  const guests = SCHEMA_GUESTS.filter((guest) => SERVICES[guest].schema === service);
  return {
    ...serviceEnvironment(service, layout),
    POSTGRES_MIGRATOR_PASSWORD_FILE: join(secretsDir, `postgres_${service}_migrator`),
    ...Object.fromEntries(
      guests.map((guest) => [
        `${guest.toUpperCase()}_POSTGRES_PASSWORD_FILE`,
        join(secretsDir, `postgres_${guest}`),
      ]),
    ),
    ...(external.postgres
      ? { POSTGRES_ADMIN_USER: external.postgres.user, POSTGRES_ADMIN_PASSWORD: external.postgres.password }
      : { POSTGRES_ADMIN_USER: ADMIN, POSTGRES_ADMIN_PASSWORD_FILE: join(secretsDir, 'postgres_admin') }),
  };
}

function postgresVariables(service: string, { external, ports, secretsDir }: StackLayout) {
  const { host, port, database } = external.postgres ?? {
    host: HOST,
    port: portOf(ports, 'postgres'),
    database: DATABASE,
  };
  return {
    POSTGRES_SERVER: host,
    POSTGRES_PORT: String(port),
    POSTGRES_DB: database,
    POSTGRES_USER: service,
    POSTGRES_PASSWORD_FILE: join(secretsDir, `postgres_${service}`),
  };
}

function redisVariables(service: string, { external, ports, secretsDir }: StackLayout) {
  const local = (name: string): Address => ({ host: HOST, port: portOf(ports, name) });
  const { cache, rateLimit, queue } = external.redis ?? {
    cache: local('redis-cache'),
    rateLimit: local('redis-limits'),
    queue: local('redis-queue'),
  };
  return {
    REDIS_CACHE_HOST: cache.host,
    REDIS_CACHE_PORT: String(cache.port),
    REDIS_RATE_LIMIT_HOST: rateLimit.host,
    REDIS_RATE_LIMIT_PORT: String(rateLimit.port),
    REDIS_QUEUE_HOST: queue.host,
    REDIS_QUEUE_PORT: String(queue.port),
    ...(external.redis
      ? { REDIS_USERNAME: external.redis.user, REDIS_PASSWORD: external.redis.password }
      : { REDIS_USERNAME: service, REDIS_PASSWORD_FILE: join(secretsDir, `redis_${service}`) }),
  };
}

function natsVariables(service: string, { external, ports, secretsDir }: StackLayout) {
  if (external.nats) {
    const { url, user, password } = external.nats;
    return { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password };
  }
  return {
    NATS_URL: `nats://${HOST}:${portOf(ports, 'nats')}`,
    NATS_USER: service,
    NATS_PASSWORD_FILE: join(secretsDir, `nats_${service}`),
  };
}
