import { CORS_HEADERS } from './gateway-settings.js';
import {
  bool,
  headers,
  int,
  list,
  listenPort,
  networks,
  origins,
  port,
  secret,
  str,
  url,
} from './variables.js';

/** Settings of every process. */
export const app = () => ({
  ENVIRONMENT: str({
    choices: ['local', 'staging', 'production'],
    default: 'local',
    desc: 'Environment of the process',
  }),
  LOG_LEVEL: str({
    choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    desc: 'Lowest level of log lines that are written',
  }),
  FAILPOINTS: {
    ...list({ default: [], desc: 'Failpoints at which the process exits, as `name@count`' }),
    localOnly: true as const,
  },
  APP_NAME: str({ default: 'NestJS microservices boilerplate', desc: 'Title of the API' }),
  APP_DESCRIPTION: str({ default: 'Services to start a product from.', desc: 'Description of the API' }),
  APP_VERSION: str({ default: '0.1.0', desc: 'Version of the API' }),
  CONTACT_NAME: str({ default: '', desc: 'Name of the contact for users of the API' }),
  CONTACT_EMAIL: str({ default: '', desc: 'Address of the contact' }),
  LICENSE_NAME: str({ default: 'MIT', desc: 'Licence of the API' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    default: '',
    schemes: ['http', 'https'],
    desc: 'URL of a collector of traces (OTLP over HTTP): http://collector:4318; empty for no traces',
  }),
});

/** The internal server, which the gateway does not forward to. */
export const internalServer = (defaults: { port: number }) => ({
  HOST: str({ default: '127.0.0.1', desc: 'Address that the servers of this process listen on' }),
  INTERNAL_PORT: listenPort({ default: defaults.port, desc: 'Port of health details and metrics' }),
});

/** An HTTP API behind the gateway. */
export const http = (defaults: { port: number; internalPort: number }) => ({
  ...internalServer({ port: defaults.internalPort }),
  PORT: listenPort({ default: defaults.port, desc: 'Port of the HTTP API' }),
  WITHOUT_SERVICES: list({ default: [], desc: 'Services that are not deployed' }),
  CLIENT_CACHE_MAX_AGE: int({
    default: 0,
    desc: 'Seconds that clients may show a public response without revalidating it, also after a change',
  }),
});

/** The connection to PostgreSQL, with a role that has rights on the schema of the service only. */
export const postgres = (service: string) => ({
  POSTGRES_SERVER: str({ default: '127.0.0.1', desc: 'Host of PostgreSQL' }),
  POSTGRES_PORT: port({ default: 5432, desc: 'Port of PostgreSQL' }),
  POSTGRES_DB: str({ default: 'app', desc: 'Database; each service has a schema in it' }),
  POSTGRES_USER: str({ default: service, desc: 'Role of the service' }),
  POSTGRES_PASSWORD: secret({ default: 'postgres', desc: 'Password of that role' }),
  POSTGRES_POOL_SIZE: int({ default: 10, min: 1, desc: 'Maximum number of connections of a process' }),
  POSTGRES_PREPARED_STATEMENTS: bool({
    default: true,
    desc: 'Whether statements are prepared, and short ones pipelined; `false` behind PgBouncer in transaction mode',
  }),
});

/** Further settings of `migrate`. */
export const migrations = (service: string) => ({
  POSTGRES_MIGRATOR_USER: str({ default: `${service}_migrator`, desc: 'Role that owns the schema' }),
  POSTGRES_MIGRATOR_PASSWORD: secret({ default: 'postgres', desc: 'Password of that role' }),
  POSTGRES_ADMIN_USER: str({
    default: '',
    desc: 'Administrator; if set, `migrate` creates the roles and the schema',
  }),
  POSTGRES_ADMIN_PASSWORD: str({ default: '', desc: 'Password of the administrator' }),
});

export const nats = () => ({
  NATS_URL: url({ default: 'nats://127.0.0.1:4222', schemes: ['nats', 'tls'], desc: 'Address of NATS' }),
  NATS_USER: str({ default: '', desc: 'Account of the service; empty for none' }),
  NATS_PASSWORD: secret({ default: '', desc: 'Password of that account' }),
});

const redisAccount = () => ({
  REDIS_USERNAME: str({ default: '', desc: 'ACL user of the service on every Redis; empty for none' }),
  REDIS_PASSWORD: secret({ default: '', desc: 'Password of that user' }),
});

export const cache = () => ({
  ...redisAccount(),
  CACHE_ENABLED: bool({ default: true, desc: 'Whether responses are cached' }),
  REDIS_CACHE_HOST: str({ default: '127.0.0.1', desc: 'Host of the Redis for the cache' }),
  REDIS_CACHE_PORT: port({ default: 6379, desc: 'Port of the Redis for the cache' }),
});

export const rateLimit = () => ({
  ...redisAccount(),
  RATE_LIMIT_ENABLED: bool({ default: true, desc: 'Whether rate limits apply' }),
  REDIS_RATE_LIMIT_HOST: str({ default: '127.0.0.1', desc: 'Host of the Redis for rate limits' }),
  REDIS_RATE_LIMIT_PORT: port({ default: 6379, desc: 'Port of the Redis for rate limits' }),
  DEFAULT_RATE_LIMIT_LIMIT: int({ default: 10, min: 1, desc: 'Calls per period without a rule of the tier' }),
  DEFAULT_RATE_LIMIT_PERIOD: int({ default: 3600, min: 1, desc: 'Seconds of that period' }),
});

export const queue = () => ({
  ...redisAccount(),
  REDIS_QUEUE_HOST: str({ default: '127.0.0.1', desc: 'Host of the Redis for queues' }),
  REDIS_QUEUE_PORT: port({ default: 6379, desc: 'Port of the Redis for queues' }),
});

export const corsAndProxies = () => ({
  TRUSTED_PROXIES: networks({ default: [], desc: 'Addresses of proxies in front of the gateway' }),
  CORS_ORIGINS: origins({ default: [], desc: 'Origins whose pages may call the API' }),
  CORS_HEADERS: headers({
    default: CORS_HEADERS,
    desc: 'Headers that these pages may send; a value replaces the default',
  }),
});
