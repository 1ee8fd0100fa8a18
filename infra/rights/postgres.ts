import type pg from 'pg';
import { SCHEMA_OWNERS, SERVICE_NAMES, SERVICES } from '../services.ts';
import type { Attempt, Servers } from './check.ts';

const INSUFFICIENT_PRIVILEGE = '42501';

type Case = [action: string, allowed: boolean, sql: string];

export function postgresAttempts(
  server: Servers['postgres'],
  secret: (name: string) => string,
  { Client }: typeof pg,
): Attempt[] {
  const roles = [
    ...SERVICE_NAMES.map((name) => ({ name, schema: SERVICES[name].schema, owner: false })),
    ...SCHEMA_OWNERS.map((name) => ({ name: `${name}_migrator`, schema: name, owner: true })),
  ];
  return roles.flatMap(({ name, schema, owner }) => {
    const cases: Case[] = [
      ...SCHEMA_OWNERS.flatMap((other) => onTables(other, other === schema, owner)),
      [`create a table in ${schema}`, owner, `CREATE TABLE ${schema}.rights_check ()`],
      ['create a schema', false, 'CREATE SCHEMA rights_check'],
      ['create a table in public', false, 'CREATE TABLE public.rights_check ()'],
      ['create a role', false, 'CREATE ROLE rights_check'],
      ['read a file of the server', false, "SELECT pg_read_file('PG_VERSION')"],
    ];
    return cases.map(([action, allowed, sql]) => ({
      account: `Postgres ${name}`,
      action,
      allowed,
      works: () => runs(sql, new Client({ ...server, user: name, password: secret(`postgres_${name}`) })),
    }));
  });
}

function onTables(schema: string, own: boolean, owner: boolean): Case[] {
  const table = `${schema}.outbox`;
  return [
    [`read ${schema}`, own, `SELECT 1 FROM ${table} LIMIT 1`],
    [`write ${schema}`, own, `DELETE FROM ${table} WHERE false`],
    [`change tables of ${schema}`, own && owner, `ALTER TABLE ${table} ADD COLUMN rights_check int`],
  ];
}

/** Runs it in a transaction that is rolled back. */
async function runs(sql: string, client: pg.Client): Promise<boolean> {
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === INSUFFICIENT_PRIVILEGE) return false;
    throw error;
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
}
