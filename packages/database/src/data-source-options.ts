import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { CircuitBreakerPool } from './circuit-breaker-pool.js';
import { clientsThatHangUp } from './postgres-client.js';
import { SnakeNaming } from './snake-naming.js';

/** Longest that a statement may run, that it may wait for a lock, and that a caller may wait for a connection. */
export const STATEMENT_TIMEOUT_MS = 3_000;
export const LOCK_TIMEOUT_MS = 2_000;
export const POOL_WAIT_MS = 1_000;

/** Where a service's tables are; the fields of `postgres()` in `@repo/config`. */
export interface PostgresSettings {
  POSTGRES_SERVER: string;
  POSTGRES_PORT: number;
  POSTGRES_DB: string;
  POSTGRES_USER: string;
  POSTGRES_PASSWORD: string;
  POSTGRES_POOL_SIZE: number;
}

export interface SchemaOptions {
  /** Schema that holds all tables of the service. */
  schema: string;
  entities: Function[];
  /** Folder of compiled migrations; absent in a process that works in another service's schema. */
  migrationsFolder?: string;
}

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** TypeORM options that the application, the migrations and the tests of a service share. */
export function dataSourceOptions(settings: PostgresSettings, { schema, entities }: SchemaOptions) {
  return {
    type: 'postgres',
    driver: { ...pg, Pool: CircuitBreakerPool } as object,
    host: settings.POSTGRES_SERVER,
    port: settings.POSTGRES_PORT,
    database: settings.POSTGRES_DB,
    username: settings.POSTGRES_USER,
    password: settings.POSTGRES_PASSWORD,
    schema,
    entities,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    applicationName: settings.POSTGRES_USER,
    poolSize: settings.POSTGRES_POOL_SIZE,
    connectTimeoutMS: POOL_WAIT_MS,
    extra: {
      Client: clientsThatHangUp(),
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 10_000,
      query_timeout: STATEMENT_TIMEOUT_MS + 500,
    },
  } satisfies PostgresOptions;
}
