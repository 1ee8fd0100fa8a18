import pg from 'pg';
import type { PostgresSettings, SchemaOptions } from '../data-source-options.js';
import { migrate } from '../migrate.js';
import { testAdmin } from './test-admin.js';

export interface TestDatabase {
  /** Runs SQL as the administrator. */
  query<R extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<R[]>;
  drop(): Promise<void>;
}

/** Creates the database that the settings name, with the schema of a service in it. */
export async function createTestDatabase(
  settings: PostgresSettings,
  schema: SchemaOptions,
): Promise<TestDatabase> {
  const admin = testAdmin();
  const { POSTGRES_DB: database } = settings;
  const server = new pg.Client({ ...admin, database: 'postgres' });
  await server.connect();
  await server.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  await migrate(['up'], {
    settings: {
      ...settings,
      POSTGRES_POOL_SIZE: 2,
      POSTGRES_MIGRATOR_USER: `${schema.schema}_migrator`,
      POSTGRES_MIGRATOR_PASSWORD: 'postgres',
      POSTGRES_ADMIN_USER: admin.user,
      POSTGRES_ADMIN_PASSWORD: admin.password,
    },
    schema,
    log: () => undefined,
  });
  const client = new pg.Client({ ...admin, database });
  await client.connect();
  return {
    query: async <R extends object>(sql: string, values?: unknown[]) =>
      (await client.query(sql, values)).rows as R[],
    drop: async () => {
      await client.end();
      await server.query(`DROP DATABASE ${pg.escapeIdentifier(database)} WITH (FORCE)`);
      await server.end();
    },
  };
}
