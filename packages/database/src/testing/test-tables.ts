import { randomBytes } from 'node:crypto';
import { defineConfig, migrations, postgres } from '@repo/config';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Database, dataSourceOptions } from '../index.js';

export interface TestTables {
  dataSource: DataSource;
  database: Database;
  drop(): Promise<void>;
}

/** A database with the tables of these entities, for tests of a repository alone. */
export async function createTestTables(entities: Function[]): Promise<TestTables> {
  const settings = defineConfig({ ...postgres('test'), ...migrations('test') });
  const name = `tables_${randomBytes(6).toString('hex')}`;
  const admin = {
    host: settings.POSTGRES_SERVER,
    port: settings.POSTGRES_PORT,
    user: settings.POSTGRES_ADMIN_USER || 'postgres',
    password: settings.POSTGRES_ADMIN_PASSWORD,
  };
  await query({ ...admin, database: 'postgres' }, `CREATE DATABASE ${name}`);
  await query({ ...admin, database: name }, 'CREATE SCHEMA test');
  const dataSource = await new DataSource(
    dataSourceOptions(
      { ...settings, POSTGRES_DB: name, POSTGRES_USER: admin.user, POSTGRES_PASSWORD: admin.password },
      { schema: 'test', entities },
    ),
  ).initialize();
  await dataSource.synchronize();
  return {
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
