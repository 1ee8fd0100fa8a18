import type { migrations, postgres, SettingsOf } from '@repo/config';
import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { CircuitBreakerPool } from './circuit-breaker-pool.js';
import { disconnectingClient } from './disconnecting-client.js';
import { SnakeNaming } from './snake-naming.js';

export const STATEMENT_TIMEOUT_MS = 3_000;
export const LOCK_TIMEOUT_MS = 2_000;
export const POOL_TIMEOUT_MS = 1_000;

/** Settings of PostgreSQL for the sessions of a service. */
export const SERVER_TIMEOUTS = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  idle_in_transaction_session_timeout: 10_000,
};

export type PostgresSettings = SettingsOf<typeof postgres>;
export type MigrateSettings = PostgresSettings & SettingsOf<typeof migrations>;

export interface SchemaOptions {
  schema: string;
  entities: Function[];
  /** Folder of compiled migrations; absent in a service that uses another service's schema. */
  migrationsFolder?: string;
}

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** TypeORM options for the application, the migrations and the tests of a service. */
export function dataSourceOptions(
  settings: PostgresSettings,
  { schema, entities }: SchemaOptions,
): PostgresOptions {
  return {
    type: 'postgres',
    driver: { ...pg, Pool: CircuitBreakerPool } as object,
    host: settings.POSTGRES_SERVER,
    port: settings.POSTGRES_PORT,
    database: settings.POSTGRES_DB,
    username: settings.POSTGRES_USER,
    password: settings.POSTGRES_PASSWORD,
    ssl: tlsOptions(settings),
    schema,
    entities,
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNaming(),
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    applicationName: settings.POSTGRES_USER,
    poolSize: settings.POSTGRES_POOL_SIZE,
    connectTimeoutMS: POOL_TIMEOUT_MS,
    extra: {
      Client: disconnectingClient(),
      preparedStatements: settings.POSTGRES_PREPARED_STATEMENTS,
      // A new connection costs more than an idle one, most of all when the machine is busy.
      idleTimeoutMillis: 300_000,
      // Behind a pooler, which refuses them, the role has them.
      ...(settings.POSTGRES_PREPARED_STATEMENTS && SERVER_TIMEOUTS),
      query_timeout: STATEMENT_TIMEOUT_MS + 500,
    },
  };
}

type TlsSettings = Pick<PostgresSettings, 'POSTGRES_SSL' | `POSTGRES_SSL_${'CA' | 'CERT' | 'KEY'}`>;

/** The `ssl` of pg. */
export function tlsOptions({ POSTGRES_SSL, ...settings }: TlsSettings) {
  if (POSTGRES_SSL === 'disable') return false;
  return {
    rejectUnauthorized: POSTGRES_SSL === 'verify-full',
    // Empty means none.
    ca: settings.POSTGRES_SSL_CA || undefined,
    cert: settings.POSTGRES_SSL_CERT || undefined,
    key: settings.POSTGRES_SSL_KEY || undefined,
  };
}
