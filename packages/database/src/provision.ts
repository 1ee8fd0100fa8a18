import pg from 'pg';
import { CONNECT_TIMEOUT_MS, retryUntilDeadline } from './command.js';
import { type MigrateSettings, SERVER_TIMEOUTS, tlsOptions } from './data-source-options.js';

export interface Role {
  name: string;
  password: string;
}

/** One lock for all services, because concurrent changes of the catalogue fail. */
const PROVISION_LOCK = 7_201_901;

/**
 * Creates the schema and the roles of a service, and sets their passwords, timeouts and rights. Can be repeated. The migrator
 * owns the schema; the service and `otherMembers` read and write rows. The administrator needs CREATEROLE and the database, and
 * does not have to be a superuser.
 */
export async function provision(
  settings: MigrateSettings,
  schemaName: string,
  otherMembers: Role[],
): Promise<void> {
  const migrator = { name: settings.POSTGRES_MIGRATOR_USER, password: settings.POSTGRES_MIGRATOR_PASSWORD };
  const members = [{ name: settings.POSTGRES_USER, password: settings.POSTGRES_PASSWORD }, ...otherMembers];
  const database = pg.escapeIdentifier(settings.POSTGRES_DB);
  const schema = pg.escapeIdentifier(schemaName);
  const owner = pg.escapeIdentifier(migrator.name);
  const users = members.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  const defaults = `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${schema}`;
  const client = await retryUntilDeadline(() => connect(settings));
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [PROVISION_LOCK]);
    for (const role of [migrator, ...members]) await ensureRole(client, role);
    for (const { name } of members) await setTimeouts(client, name);
    await client.query(`
      REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      GRANT CONNECT ON DATABASE ${database} TO ${owner}, ${users};
      GRANT ${owner} TO CURRENT_USER;
      CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner};
      GRANT USAGE ON SCHEMA ${schema} TO ${users};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${users};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${users};
      ${defaults} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${users};
      ${defaults} GRANT USAGE, SELECT ON SEQUENCES TO ${users};
      COMMIT`);
  } finally {
    await client.end();
  }
}

async function connect(settings: MigrateSettings): Promise<pg.Client> {
  const client = new pg.Client({
    host: settings.POSTGRES_SERVER,
    port: settings.POSTGRES_PORT,
    database: settings.POSTGRES_DB,
    user: settings.POSTGRES_ADMIN_USER,
    password: settings.POSTGRES_ADMIN_PASSWORD,
    ssl: tlsOptions(settings),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: 15_000,
  });
  await client.connect();
  return client;
}

async function ensureRole(client: pg.Client, { name, password }: Role): Promise<void> {
  const role = pg.escapeIdentifier(name);
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (!rowCount) await client.query(`CREATE ROLE ${role} LOGIN`);
  await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
}

/** A pooler such as PgBouncer passes on no timeouts of a connection; those of a role are set in PostgreSQL. */
async function setTimeouts(client: pg.Client, name: string): Promise<void> {
  for (const [timeout, ms] of Object.entries(SERVER_TIMEOUTS))
    await client.query(`ALTER ROLE ${pg.escapeIdentifier(name)} SET ${timeout} = ${ms}`);
}
