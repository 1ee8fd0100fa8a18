import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions, type PostgresOptions } from '../data-source-options.js';
import { Database } from '../transaction.js';
import { testAdmin, testSettings } from './test-admin.js';

export interface TestTables {
  options: PostgresOptions;
  dataSource: DataSource;
  database: Database;
  drop(): Promise<void>;
}

/** A database with the tables of these entities, for tests without a service. */
export async function createTestTables(entities: Function[]): Promise<TestTables> {
  const admin = testAdmin();
  const name = `tables_${randomBytes(6).toString('hex')}`;
  await query({ ...admin, database: 'postgres' }, `CREATE DATABASE ${name}`);
  await query({ ...admin, database: name }, 'CREATE SCHEMA test');
  const options = dataSourceOptions(
    {
      ...testSettings(),
      POSTGRES_DB: name,
      POSTGRES_USER: admin.user,
      POSTGRES_PASSWORD: admin.password,
    },
    { schema: 'test', entities },
  );
  const dataSource = await new DataSource(options).initialize();
  await dataSource.synchronize();
  return {
    options,
    dataSource,
    database: new Database(dataSource),
    async drop() {
      await dataSource.destroy();
      await query({ ...admin, database: 'postgres' }, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function query(config: pg.ClientConfig, sql: string): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
