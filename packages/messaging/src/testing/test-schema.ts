import { randomBytes } from 'node:crypto';
import { defineConfig, migrations, postgres } from '@repo/config';
import { Database, dataSourceOptions } from '@repo/database';
import pg from 'pg';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { messagingEntities } from '../index.js';

/** What the effects of a test's events leave behind: one row for each time an effect ran. */
@Entity('effects')
export class Effect {
  @PrimaryColumn({ type: 'int', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: number;

  @Column({ type: 'text' })
  text: string;
}

export interface TestSchema {
  options: ReturnType<typeof dataSourceOptions>;
  dataSource: DataSource;
  database: Database;
  effects(): Promise<string[]>;
  drop(): Promise<void>;
}

/** A database with the tables of messaging, for one test file. */
export async function createTestSchema(): Promise<TestSchema> {
  const settings = defineConfig({ ...postgres('test'), ...migrations('test') });
  const name = `messaging_${randomBytes(6).toString('hex')}`;
  const admin = {
    host: settings.POSTGRES_SERVER,
    port: settings.POSTGRES_PORT,
    user: settings.POSTGRES_ADMIN_USER || 'postgres',
    password: settings.POSTGRES_ADMIN_PASSWORD,
  };
  await query({ ...admin, database: 'postgres' }, `CREATE DATABASE ${name}`);
  await query({ ...admin, database: name }, 'CREATE SCHEMA test');
  const options = dataSourceOptions(
    { ...settings, POSTGRES_DB: name, POSTGRES_USER: admin.user, POSTGRES_PASSWORD: admin.password },
    { schema: 'test', entities: [...messagingEntities, Effect], migrationsFolder: 'none' },
  );
  const dataSource = await new DataSource(options).initialize();
  await dataSource.synchronize();
  return {
    options,
    dataSource,
    database: new Database(dataSource),
    async effects() {
      const rows = await dataSource.getRepository(Effect).find({ order: { id: 'ASC' } });
      return rows.map(({ text }) => text);
    },
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
