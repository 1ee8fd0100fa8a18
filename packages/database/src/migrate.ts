import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { COMMAND_CONNECT_MS, openForCommand } from './command.js';
import { dataSourceOptions, type PostgresSettings, type SchemaOptions } from './data-source-options.js';
import { loadMigrations } from './load-migrations.js';
import { migrationSource } from './migration-source.js';
import { provision, type Role } from './provision.js';

/** The fields of `migrations()` in `@repo/config`. */
export interface MigrationSettings extends PostgresSettings {
  POSTGRES_MIGRATOR_USER: string;
  POSTGRES_MIGRATOR_PASSWORD: string;
  POSTGRES_ADMIN_USER: string;
  POSTGRES_ADMIN_PASSWORD: string;
}

export interface MigrateOptions {
  settings: MigrationSettings;
  schema: SchemaOptions;
  /** Roles besides the service's own that work in this schema. */
  otherMembers?: Role[];
  /** Where progress is told; the console unless given. */
  say?: (line: string) => void;
}

const LOCK_WAIT_MS = 60_000;
/** The last `/dist/src/` of a path: `generate` writes to `src` what is compiled to `dist/src`. */
const COMPILED = /\/dist\/src\/(?!.*\/dist\/src\/)/;
const USAGE = 'Usage: migrate up | down | status | check | generate <verb-noun>';

/**
 * The `migrate` command of a service. Safe to run by several replicas at once: one works, the others wait and find
 * nothing left to do.
 *
 * @returns the exit code: 0 when it worked, 1 when `check` found entities that differ from the migrations
 */
export async function migrate([command = 'up', name]: string[], options: MigrateOptions): Promise<number> {
  const { settings, schema } = options;
  if (settings.POSTGRES_ADMIN_USER) await provisionSchema(options);
  const dataSource = await openForCommand({
    ...dataSourceOptions(
      {
        ...settings,
        POSTGRES_USER: settings.POSTGRES_MIGRATOR_USER,
        POSTGRES_PASSWORD: settings.POSTGRES_MIGRATOR_PASSWORD,
      },
      schema,
    ),
    migrations: schema.migrationsFolder ? await loadMigrations(schema.migrationsFolder) : [],
    // A migration may take longer than a request may.
    extra: { lock_timeout: LOCK_WAIT_MS },
  });
  try {
    switch (command) {
      case 'up':
        return await exclusively(options, async () => {
          const done = await dataSource.runMigrations();
          say(
            options,
            done.length ? `applied ${done.map((migration) => migration.name).join(', ')}` : 'up to date',
          );
        });
      case 'down':
        return await exclusively(options, async () => {
          await dataSource.undoLastMigration();
          say(options, 'the last migration is undone');
        });
      case 'status':
        return await status(options, dataSource);
      case 'check':
        return await check(options, dataSource);
      case 'generate':
        return await generate(options, dataSource, name);
      default:
        throw new Error(USAGE);
    }
  } finally {
    await dataSource.destroy();
  }
}

async function provisionSchema({ settings, schema, otherMembers = [] }: MigrateOptions): Promise<void> {
  await provision(
    {
      host: settings.POSTGRES_SERVER,
      port: settings.POSTGRES_PORT,
      database: settings.POSTGRES_DB,
      user: settings.POSTGRES_ADMIN_USER,
      password: settings.POSTGRES_ADMIN_PASSWORD,
    },
    {
      schema: schema.schema,
      migrator: { name: settings.POSTGRES_MIGRATOR_USER, password: settings.POSTGRES_MIGRATOR_PASSWORD },
      members: [{ name: settings.POSTGRES_USER, password: settings.POSTGRES_PASSWORD }, ...otherMembers],
    },
  );
}

async function exclusively({ settings, schema }: MigrateOptions, work: () => Promise<void>): Promise<number> {
  const lock = new pg.Client({
    host: settings.POSTGRES_SERVER,
    port: settings.POSTGRES_PORT,
    database: settings.POSTGRES_DB,
    user: settings.POSTGRES_MIGRATOR_USER,
    password: settings.POSTGRES_MIGRATOR_PASSWORD,
    statement_timeout: LOCK_WAIT_MS,
    connectionTimeoutMillis: COMMAND_CONNECT_MS,
  });
  await lock.connect();
  try {
    await lock.query(`SELECT pg_advisory_lock(hashtext('migrate'), hashtext($1))`, [schema.schema]);
    await work();
    return 0;
  } finally {
    await lock.end();
  }
}

async function status(options: MigrateOptions, dataSource: DataSource): Promise<number> {
  const { rows } = await done(dataSource);
  for (const { name } of dataSource.migrations)
    say(options, `${rows.has(name!) ? 'done   ' : 'pending'} ${name}`);
  return 0;
}

async function done(dataSource: DataSource): Promise<{ rows: Set<string> }> {
  const [{ table }] = await dataSource.query(`SELECT to_regclass($1) AS "table"`, [
    `${(dataSource.options as { schema: string }).schema}.migrations`,
  ]);
  if (!table) return { rows: new Set() };
  const rows: { name: string }[] = await dataSource.query(`SELECT name FROM ${table}`);
  return { rows: new Set(rows.map(({ name }) => name)) };
}

async function check(options: MigrateOptions, dataSource: DataSource): Promise<number> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  if (upQueries.length === 0) {
    say(options, 'entities and migrations agree');
    return 0;
  }
  say(options, 'the entities ask for what no migration does; run `migrate generate <verb-noun>`:');
  for (const { query } of upQueries) say(options, `  ${query}`);
  return 1;
}

async function generate(
  options: MigrateOptions,
  dataSource: DataSource,
  name: string | undefined,
): Promise<number> {
  if (!name || !/^[a-z][a-z0-9-]+$/.test(name))
    throw new Error(`A migration needs a name such as add-cover. ${USAGE}`);
  const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
  if (upQueries.length === 0) {
    say(options, 'nothing to generate: entities and migrations agree');
    return 0;
  }
  const timestamp = Date.now();
  const folder = options.schema.migrationsFolder!.replace(COMPILED, '/src/');
  const file = join(folder, `${timestamp}-${name}.ts`);
  await mkdir(folder, { recursive: true });
  await writeFile(
    file,
    migrationSource(
      name,
      timestamp,
      upQueries.map(({ query }) => query),
      downQueries.map(({ query }) => query),
    ),
  );
  say(options, `wrote ${file}; read it before you commit it`);
  return 0;
}

function say({ schema, say: print = console.log }: MigrateOptions, text: string): void {
  print(`${schema.schema}: ${text}`);
}
