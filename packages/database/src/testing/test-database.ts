import pg from 'pg';
import { migrate, type MigrationSettings, type SchemaOptions } from '../index.js';

/** Where the tests' servers are; jest's global setup puts it into the environment. */
export interface TestDatabaseOptions {
  schema: SchemaOptions;
  settings: Pick<
    MigrationSettings,
    'POSTGRES_SERVER' | 'POSTGRES_PORT' | 'POSTGRES_DB' | 'POSTGRES_USER' | 'POSTGRES_PASSWORD'
  >;
  admin: { user: string; password: string };
}

export interface TestDatabase {
  /** Runs SQL as the administrator. */
  query<R extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<R[]>;
  drop(): Promise<void>;
}

/** Creates the database that the settings name, with the schema of a service in it. */
export async function createTestDatabase({
  schema,
  settings,
  admin,
}: TestDatabaseOptions): Promise<TestDatabase> {
  const { POSTGRES_SERVER: host, POSTGRES_PORT: port, POSTGRES_DB: database } = settings;
  const connection = { host, port, user: admin.user, password: admin.password };
  const server = new pg.Client({ ...connection, database: 'postgres' });
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
    sourceFolder: '',
    say: () => undefined,
  });
  const client = new pg.Client({ ...connection, database });
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
