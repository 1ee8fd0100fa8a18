import pg from 'pg';
import { CONNECT_TIMEOUT_MS, retryUntilDeadline } from './command.js';

export interface Role {
  name: string;
  password: string;
}

interface Provision {
  schema: string;
  /** Owns the schema and changes its tables. */
  migrator: Role;
  /** Read and write rows. */
  members: Role[];
}

interface AdminConnection {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

/** One lock for all services, because concurrent changes of the catalogue fail. */
const PROVISION_LOCK = 7_201_901;

/** Creates the schema and the roles of a service, and sets their passwords and rights. Can be repeated. */
export async function provision(
  admin: AdminConnection,
  { schema, migrator, members }: Provision,
): Promise<void> {
  const client = await retryUntilDeadline(() => connect(admin));
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
  const timeouts = { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, statement_timeout: 15_000 };
  const client = new pg.Client({ ...admin, ...timeouts });
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
