import pg from 'pg';
import { COMMAND_CONNECT_MS, patiently } from './command.js';

export interface Role {
  name: string;
  password: string;
}

/** Who owns a schema and who works in it. */
export interface Provision {
  schema: string;
  /** Owns the schema: may change tables. */
  migrator: Role;
  /** Read and write rows of this schema; nothing else. */
  members: Role[];
}

export interface AdminConnection {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

/** One lock for everything that changes roles and schemas: catalogue updates of several services collide. */
const PROVISION_LOCK = 7_201_901;

/**
 * Creates the schema and roles of a service as an administrator of the database. Safe to repeat, and to run by
 * several at once; passwords are set to the given ones each time.
 */
export async function provision(
  admin: AdminConnection,
  { schema, migrator, members }: Provision,
): Promise<void> {
  const client = await patiently(() => connect(admin));
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [PROVISION_LOCK]);
    for (const role of [migrator, ...members]) await ensureRole(client, role);
    const database = pg.escapeIdentifier(admin.database);
    const owner = pg.escapeIdentifier(migrator.name);
    const name = pg.escapeIdentifier(schema);
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${owner}`);
    await client.query(`GRANT ${owner} TO CURRENT_USER`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${owner}`);
    for (const { name: member } of members) {
      const role = pg.escapeIdentifier(member);
      await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${role}`);
      await client.query(`GRANT USAGE ON SCHEMA ${name} TO ${role}`);
      await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${name} TO ${role}`);
      await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${name} TO ${role}`);
      const future = `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${name}`;
      await client.query(`${future} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}`);
      await client.query(`${future} GRANT USAGE, SELECT ON SEQUENCES TO ${role}`);
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

async function connect(admin: AdminConnection): Promise<pg.Client> {
  const client = new pg.Client({
    ...admin,
    connectionTimeoutMillis: COMMAND_CONNECT_MS,
    statement_timeout: 15_000,
  });
  await client.connect();
  return client;
}

async function ensureRole(client: pg.Client, { name, password }: Role): Promise<void> {
  const role = pg.escapeIdentifier(name);
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (!rowCount) await client.query(`CREATE ROLE ${role} LOGIN`);
  await client.query(
    `ALTER ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)}`,
  );
}
