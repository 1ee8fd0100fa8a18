import { join } from 'node:path';
import { SCHEMA_GUESTS, SERVICES } from '../../infra/services.ts';
import { portOf } from '../lib/ports.ts';
import { ADMIN, DATABASE } from '../servers/postgres.ts';
import type { ServerName } from '../servers/servers.ts';

/** The places of the parts of a stack, from which the environment of every app follows. */
export interface StackLayout {
  /** The environment of the user: settings there apply to every app. */
  base: NodeJS.ProcessEnv;
  ports: Record<string, number>;
  secretsDir: string;
  /** Settings for every app that override all others. */
  overrides?: Record<string, string>;
}

const HOST = '127.0.0.1';
/** Variables that the stack decides: from a shell, they would send every app to the same port or account. */
const MANAGED =
  /^(PORT|INTERNAL_PORT|HOST|POSTGRES_.*|REDIS_(CACHE|QUEUE|RATE_LIMIT)_(HOST|PORT)|REDIS_(USERNAME|PASSWORD)(_FILE)?|NATS_.*)$/;
const NOT_MANAGED = new Set(['POSTGRES_POOL_SIZE', 'POSTGRES_PREPARED_STATEMENTS']);

/** The environment of an app: the settings of the user, where its servers are, and its accounts. Secrets are files. */
export function serviceEnvironment(service: string, layout: StackLayout): NodeJS.ProcessEnv {
  const { base, secretsDir, overrides } = layout;
  const inherited = Object.entries(base).filter(([name]) => NOT_MANAGED.has(name) || !MANAGED.test(name));
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    HOST,
    ...(base.SECRET_KEY || base.SECRET_KEY_FILE ? {} : { SECRET_KEY_FILE: join(secretsDir, 'secret_key') }),
    ...serverVariables(service, layout),
    ...overrides,
  };
}

/** The environment of `migrate`: besides, an administrator, who creates roles and schema, and the schema's owner. */
export function migrationEnvironment(service: string, layout: StackLayout): NodeJS.ProcessEnv {
  const { secretsDir } = layout;
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
    POSTGRES_ADMIN_USER: ADMIN,
    POSTGRES_ADMIN_PASSWORD_FILE: join(secretsDir, 'postgres_admin'),
  };
}

function serverVariables(service: string, { ports, secretsDir }: StackLayout): Record<string, string> {
  const port = (server: ServerName) => String(portOf(ports, server));
  return {
    POSTGRES_SERVER: HOST,
    POSTGRES_PORT: port('postgres'),
    POSTGRES_DB: DATABASE,
    POSTGRES_USER: service,
    POSTGRES_PASSWORD_FILE: join(secretsDir, `postgres_${service}`),
    REDIS_CACHE_HOST: HOST,
    REDIS_CACHE_PORT: port('redis-cache'),
    REDIS_RATE_LIMIT_HOST: HOST,
    REDIS_RATE_LIMIT_PORT: port('redis-limits'),
    REDIS_QUEUE_HOST: HOST,
    REDIS_QUEUE_PORT: port('redis-queue'),
    REDIS_USERNAME: service,
    REDIS_PASSWORD_FILE: join(secretsDir, `redis_${service}`),
    NATS_URL: `nats://${HOST}:${port('nats')}`,
    NATS_USER: service,
    NATS_PASSWORD_FILE: join(secretsDir, `nats_${service}`),
  };
}
