import { join } from 'node:path';
import { SCHEMA_GUESTS, SERVICES } from '../../infra/services.ts';
import { Failure } from '../lib/failure.ts';
import { portOf } from '../lib/ports.ts';
import { parseList } from '../../packages/config/src/gateway-settings.ts';
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
/** Kinds of servers. Those that EXTERNAL_SERVERS names run elsewhere, at the addresses in the settings. */
const KINDS = ['postgres', 'redis', 'nats'] as const;
type ServerKind = (typeof KINDS)[number];

/** Variables that the stack decides: from a shell, they would send every app to the same port, account or server. */
const MANAGED = {
  process: /^(PORT|INTERNAL_PORT|HOST|EXTERNAL_SERVERS)$/,
  postgres: /^(DATABASE_URL|POSTGRES_(?!POOL_SIZE$|PREPARED_STATEMENTS$))/,
  redis: /^REDIS_/,
  nats: /^NATS_/,
};

/** @throws Failure for a kind that does not exist */
function externalServers({ EXTERNAL_SERVERS = '' }: NodeJS.ProcessEnv): ServerKind[] {
  const names = parseList(EXTERNAL_SERVERS);
  const unknown = names.filter((name) => !KINDS.some((kind) => kind === name));
  if (unknown.length === 0) return names as ServerKind[];
  throw new Failure(`EXTERNAL_SERVERS names ${unknown.join(', ')}: choose from ${KINDS.join(', ')}.`);
}

/** Whether a server is one that runs elsewhere. */
export const isExternal = (name: ServerName, base: NodeJS.ProcessEnv) =>
  externalServers(base).some((kind) => name.startsWith(kind));

/** The environment of an app: the settings of the user, where its servers are, and its accounts. Secrets are files. */
export function serviceEnvironment(service: string, layout: StackLayout): NodeJS.ProcessEnv {
  const { base, secretsDir, overrides } = layout;
  const external = externalServers(base);
  const managed = Object.entries(MANAGED).filter(([kind]) => !external.some((one) => one === kind));
  const inherited = Object.entries(base).filter(([name]) => !managed.some(([, names]) => names.test(name)));
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
    ...(!isExternal('postgres', layout.base) && {
      POSTGRES_ADMIN_USER: ADMIN,
      POSTGRES_ADMIN_PASSWORD_FILE: join(secretsDir, 'postgres_admin'),
    }),
  };
}

/** Where the servers are, and the accounts of the service on them. On an external PostgreSQL, `migrate` creates them. */
function serverVariables(service: string, { base, ports, secretsDir }: StackLayout): Record<string, string> {
  const port = (server: ServerName) => String(portOf(ports, server));
  const account = {
    POSTGRES_USER: service,
    POSTGRES_PASSWORD_FILE: join(secretsDir, `postgres_${service}`),
  };
  return {
    ...account,
    ...(!isExternal('postgres', base) && {
      POSTGRES_SERVER: HOST,
      POSTGRES_PORT: port('postgres'),
      POSTGRES_DB: DATABASE,
    }),
    ...(!isExternal('redis-cache', base) && {
      REDIS_CACHE_HOST: HOST,
      REDIS_CACHE_PORT: port('redis-cache'),
      REDIS_RATE_LIMIT_HOST: HOST,
      REDIS_RATE_LIMIT_PORT: port('redis-limits'),
      REDIS_QUEUE_HOST: HOST,
      REDIS_QUEUE_PORT: port('redis-queue'),
      REDIS_USERNAME: service,
      REDIS_PASSWORD_FILE: join(secretsDir, `redis_${service}`),
    }),
    ...(!isExternal('nats', base) && {
      NATS_URL: `nats://${HOST}:${port('nats')}`,
      NATS_USER: service,
      NATS_PASSWORD_FILE: join(secretsDir, `nats_${service}`),
    }),
  };
}
