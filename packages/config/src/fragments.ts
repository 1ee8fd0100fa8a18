import type { Parsed } from './define-config.js';
import { CORS_HEADERS } from './gateway-settings.js';
import {
  bool,
  headers,
  int,
  list,
  listenPort,
  networks,
  origins,
  pem,
  port,
  secret,
  str,
  url,
} from './variables.js';

/** An IPv6 address without its brackets. */
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, '$1');

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
  DATABASE_URL: url({
    default: '',
    schemes: ['postgres', 'postgresql'],
    desc: 'Address of PostgreSQL in one: postgres://user:password@host:5432/database?sslmode=verify-full',
    parts: (value) => ({
      POSTGRES_SERVER: hostOf(value),
      POSTGRES_PORT: value.port || undefined,
      POSTGRES_DB: decodeURIComponent(value.pathname.slice(1)) || undefined,
      POSTGRES_USER: decodeURIComponent(value.username) || undefined,
      POSTGRES_PASSWORD: decodeURIComponent(value.password) || undefined,
      POSTGRES_SSL: value.searchParams.get('sslmode') ?? undefined,
    }),
  }),
  POSTGRES_SERVER: str({ default: '127.0.0.1', desc: 'Host of PostgreSQL' }),
  POSTGRES_PORT: port({ default: 5432, desc: 'Port of PostgreSQL' }),
  POSTGRES_DB: str({ default: 'app', desc: 'Database; each service has a schema in it' }),
  POSTGRES_USER: str({ default: service, desc: 'Role of the service' }),
  POSTGRES_PASSWORD: secret({ default: 'postgres', desc: 'Password of that role' }),
  POSTGRES_SSL: str({
    choices: ['disable', 'require', 'verify-full'],
    default: 'disable',
    desc: 'Whether the connection uses TLS, and whether it checks the certificate and the name of the server',
  }),
  POSTGRES_SSL_CA: pem({ desc: 'Certificate of the authority that signed the one of the server' }),
  POSTGRES_SSL_CERT: pem({ desc: 'Certificate of this client' }),
  POSTGRES_SSL_KEY: pem({ desc: 'Key of that certificate' }),
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
  NATS_URL: url({
    default: 'nats://127.0.0.1:4222',
    schemes: ['nats', 'tls'],
    desc: 'Address of NATS; the addresses of a cluster are separated by commas; `tls://` for TLS',
  }),
  NATS_USER: str({ default: '', desc: 'Account of the service; empty for none' }),
  NATS_PASSWORD: secret({
    default: '',
    desc: 'Password of that account',
    unless: ['NATS_TOKEN', 'NATS_CREDENTIALS'],
  }),
  NATS_TOKEN: str({ default: '', desc: 'Token, instead of account and password' }),
  NATS_CREDENTIALS: str({
    default: '',
    desc: 'Content of a credentials file, instead of account and password',
  }),
  NATS_TLS_CA: pem({ desc: 'Certificate of the authority that signed the one of the server' }),
  NATS_TLS_CERT: pem({ desc: 'Certificate of this client' }),
  NATS_TLS_KEY: pem({ desc: 'Key of that certificate' }),
  NATS_STREAM_REPLICAS: int({
    default: 1,
    min: 1,
    max: 5,
    desc: 'Servers of a NATS cluster that store each event',
  }),
});

/** One Redis: its address, and what all have in common. */
const redis = <U extends string>(use: U, purpose: string) =>
  ({
    [`REDIS_${use}_URL`]: url({
      default: '',
      schemes: ['redis', 'rediss'],
      desc: `Address of the Redis for ${purpose} in one: rediss://user:password@host:6379; \`rediss\` for TLS`,
      parts: (value) => ({
        [`REDIS_${use}_HOST`]: hostOf(value),
        [`REDIS_${use}_PORT`]: value.port || undefined,
        REDIS_USERNAME: decodeURIComponent(value.username) || undefined,
        REDIS_PASSWORD: decodeURIComponent(value.password) || undefined,
      }),
    }),
    [`REDIS_${use}_HOST`]: str({ default: '127.0.0.1', desc: `Host of the Redis for ${purpose}` }),
    [`REDIS_${use}_PORT`]: port({ default: 6379, desc: `Port of the Redis for ${purpose}` }),
    REDIS_USERNAME: str({ default: '', desc: 'ACL user of the service on every Redis; empty for none' }),
    REDIS_PASSWORD: secret({ default: '', desc: 'Password of that user' }),
    REDIS_TLS_CA: pem({ desc: 'Certificate of the authority that signed the ones of the Redis servers' }),
    REDIS_TLS_CERT: pem({ desc: 'Certificate of this client' }),
    REDIS_TLS_KEY: pem({ desc: 'Key of that certificate' }),
  }) as Record<`REDIS_${U}_${'URL' | 'HOST'}` | 'REDIS_USERNAME' | RedisTls, Parsed<string>> &
    Record<`REDIS_${U}_PORT`, Parsed<number>> &
    Record<'REDIS_PASSWORD', ReturnType<typeof secret>>;

type RedisTls = `REDIS_TLS_${'CA' | 'CERT' | 'KEY'}`;

export const cache = () => ({
  ...redis('CACHE', 'the cache'),
  CACHE_ENABLED: bool({ default: true, desc: 'Whether responses are cached' }),
});

export const rateLimit = () => ({
  ...redis('RATE_LIMIT', 'rate limits'),
  RATE_LIMIT_ENABLED: bool({ default: true, desc: 'Whether rate limits apply' }),
  DEFAULT_RATE_LIMIT_LIMIT: int({ default: 10, min: 1, desc: 'Calls per period without a rule of the tier' }),
  DEFAULT_RATE_LIMIT_PERIOD: int({ default: 3600, min: 1, desc: 'Seconds of that period' }),
});

export const queue = () => redis('QUEUE', 'queues');

export const corsAndProxies = () => ({
  TRUSTED_PROXIES: networks({ default: [], desc: 'Addresses of proxies in front of the gateway' }),
  CORS_ORIGINS: origins({ default: [], desc: 'Origins whose pages may call the API' }),
  CORS_HEADERS: headers({
    default: CORS_HEADERS,
    desc: 'Headers that these pages may send; a value replaces the default',
  }),
});
