import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, defineConfig, migrations, postgres, secret } from '@repo/config';
import { type DataSource, type Migration, MigrationExecutor, QueryFailedError } from 'typeorm';
import { openForCommand } from './command.js';
import { dataSourceOptions, type MigrateSettings, type SchemaOptions } from './data-source-options.js';
import { describeStatement, explainError } from './explain-error.js';
import { loadMigrations } from './load-migrations.js';
import { migrationSource } from './migration-source.js';
import { provision, type Role } from './provision.js';

export interface MigrateOptions {
  settings: MigrateSettings;
  schema: SchemaOptions;
  /** Roles of other services that read and write this schema. */
  otherMembers?: Role[];
  log?: (line: string) => void;
}

const LOCK_TIMEOUT_MS = 60_000;
/** The last `/dist/src/` of a path: `generate` writes to `src` what is compiled to `dist/src`. */
const COMPILED = /\/dist\/src\/(?!.*\/dist\/src\/)/;
/** A migration after which older code cannot run starts its name with this word. */
const INCOMPATIBLE = 'Incompatible';
const USAGE = 'Usage: migrate up | down | status | check | generate <verb-noun>';

/**
 * Runs `migrate` with the environment and the command line. `otherMembers` are other services that read and
 * write the schema; their passwords are in `<NAME>_POSTGRES_PASSWORD`.
 */
export async function runMigrateCommand(schema: SchemaOptions, otherMembers: string[] = []): Promise<void> {
  const owner = schema.schema;
  try {
    process.exitCode = await migrate(process.argv.slice(2), {
      settings: defineConfig({ ...app(), ...postgres(owner), ...migrations(owner) }),
      schema,
      otherMembers: otherMembers.map((name) => ({ name, password: passwordOf(name) })),
    });
  } catch (error) {
    console.error(`${owner}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

function passwordOf(name: string): string {
  const variable = `${name.toUpperCase()}_POSTGRES_PASSWORD`;
  const password = secret({ default: 'postgres', desc: `Password of the role ${name}` });
  const settings: Record<string, unknown> = defineConfig({ ...app(), [variable]: password });
  return String(settings[variable]);
}

/**
 * The `migrate` command of a service. Several replicas may run it at the same time: one applies the
 * migrations, the others wait for it.
 *
 * @returns the exit code: 0, or 1 when `check` found entities that differ from the migrations
 * @throws Error whose message is for operators
 */
export async function migrate(args: string[], options: MigrateOptions): Promise<number> {
  const { POSTGRES_SERVER: host, POSTGRES_PORT: port } = options.settings;
  try {
    return await execute(args, options);
  } catch (error) {
    throw new Error(explainError(error, { host, port }) ?? (error as Error).message, { cause: error });
  }
}

async function execute([command = 'up', name]: string[], options: MigrateOptions): Promise<number> {
  const { settings, schema, otherMembers = [] } = options;
  const log = (line: string) => (options.log ?? console.log)(`${schema.schema}: ${line}`);
  if (settings.POSTGRES_ADMIN_USER) await provision(settings, schema.schema, otherMembers);
  const migrator = {
    ...settings,
    POSTGRES_USER: settings.POSTGRES_MIGRATOR_USER,
    POSTGRES_PASSWORD: settings.POSTGRES_MIGRATOR_PASSWORD,
  };
  const dataSource = await openForCommand({
    ...dataSourceOptions(migrator, schema),
    migrations: schema.migrationsFolder ? await loadMigrations(schema.migrationsFolder) : [],
    poolSize: 2,
    // Replaces the timeouts of requests: a migration may take longer.
    extra: { lock_timeout: LOCK_TIMEOUT_MS },
  });
  try {
    switch (command) {
      case 'up': {
        const applied = await withLock(dataSource, schema, async () => {
          await acceptNewerSchema(dataSource, log);
          return applyPending(dataSource);
        });
        log(applied.length > 0 ? `applied ${applied.map(({ name }) => name).join(', ')}` : 'up to date');
        return 0;
      }
      case 'down':
        await withLock(dataSource, schema, () => dataSource.undoLastMigration());
        log('the last migration is undone');
        return 0;
      case 'status': {
        const executed = await new MigrationExecutor(dataSource).getExecutedMigrations();
        const done = new Set(executed.map(({ name }) => name));
        for (const { name } of dataSource.migrations)
          log(`${done.has(name!) ? 'done   ' : 'pending'} ${name}`);
        for (const name of await unknownMigrations(dataSource)) log(`unknown ${name}`);
        return 0;
      }
      case 'check':
        return await check(dataSource, log);
      case 'generate':
        await generate(dataSource, schema, name, log);
        return 0;
      default:
        throw new Error(USAGE);
    }
  } finally {
    await dataSource.destroy();
  }
}

/**
 * The schema is newer than the code in a rollback, and while two versions run side by side.
 *
 * @throws Error when this version cannot work with the newer schema
 */
async function acceptNewerSchema(dataSource: DataSource, log: (line: string) => void): Promise<void> {
  const unknown = await unknownMigrations(dataSource);
  const incompatible = unknown.filter((name) => name.startsWith(INCOMPATIBLE));
  if (incompatible.length > 0)
    throw new Error(
      `The schema is newer than this version, which cannot work with ${incompatible.join(', ')}. ` +
        'Start the newer version, or undo these migrations with its command `migrate down` first.',
    );
  if (unknown.length > 0)
    log(`warning: the schema is newer than this version, which does not know ${unknown.join(', ')}`);
}

/** The names of migrations that were applied by another version. */
async function unknownMigrations(dataSource: DataSource): Promise<string[]> {
  const executed = await new MigrationExecutor(dataSource).getExecutedMigrations();
  const known = new Set(dataSource.migrations.map(({ name }) => name));
  return executed.map(({ name }) => name).filter((name) => !known.has(name));
}

/** @throws Error with the name of the migration that failed, the statement, and what PostgreSQL says about it */
async function applyPending(dataSource: DataSource): Promise<Migration[]> {
  try {
    return await dataSource.runMigrations();
  } catch (error) {
    if (!(error instanceof QueryFailedError)) throw error;
    const [failed] = await new MigrationExecutor(dataSource).getPendingMigrations();
    throw new Error(`The migration ${failed?.name} failed and is undone: ${describeStatement(error)}`, {
      cause: error,
    });
  }
}

/** Runs `work` while a connection holds the lock of the schema. Closing the connection releases it. */
async function withLock<T>(
  dataSource: DataSource,
  { schema }: SchemaOptions,
  work: () => Promise<T>,
): Promise<T> {
  const connection = dataSource.createQueryRunner();
  try {
    await connection.query(`SELECT pg_advisory_lock(hashtext('migrate'), hashtext($1))`, [schema]);
    return await work();
  } finally {
    await connection.release();
  }
}

async function check(dataSource: DataSource, log: (line: string) => void): Promise<number> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  if (upQueries.length === 0) {
    log('entities and migrations agree');
    return 0;
  }
  log('the entities differ from the migrations; run `migrate generate <verb-noun>`:');
  for (const { query } of upQueries) log(`  ${query}`);
  return 1;
}

async function generate(
  dataSource: DataSource,
  { migrationsFolder }: SchemaOptions,
  name: string | undefined,
  log: (line: string) => void,
): Promise<void> {
  if (!name || !/^[a-z][a-z0-9-]+$/.test(name))
    throw new Error(`A migration needs a name such as add-cover. ${USAGE}`);
  const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
  if (upQueries.length === 0) return log('nothing to generate: entities and migrations agree');
  const timestamp = Date.now();
  const folder = migrationsFolder!.replace(COMPILED, '/src/');
  const file = join(folder, `${timestamp}-${name}.ts`);
  const up = upQueries.map(({ query }) => query);
  const down = downQueries.map(({ query }) => query);
  await mkdir(folder, { recursive: true });
  await writeFile(file, migrationSource(name, timestamp, up, down));
  log(`wrote ${file}; read it before you commit it`);
}
