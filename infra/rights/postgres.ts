// @ts-check
import { SCHEMA_OWNERS, SERVICE_NAMES, SERVICES } from '../services.ts';

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * @param {import('./check.ts').Servers['postgres']} server
 * @param {(name: string) => string} secret
 * @param {typeof import('pg')} pg
 * @returns {import('./check.ts').Attempt[]}
 */
export function postgresAttempts(server, secret, pg) {
  const roles = [
    ...SERVICE_NAMES.map((name) => ({ name, schema: SERVICES[name].schema, owner: false })),
    ...SCHEMA_OWNERS.map((name) => ({ name: `${name}_migrator`, schema: name, owner: true })),
  ];
  return roles.flatMap(({ name, schema, owner }) => {
    /** @type {[what: string, allowed: boolean, sql: string][]} */
    const cases = [
      ...SCHEMA_OWNERS.flatMap((other) => tables(other, other === schema, owner)),
      [`make a table in ${schema}`, owner, `CREATE TABLE ${schema}.rights_check ()`],
      ['make a schema', false, 'CREATE SCHEMA rights_check'],
      ['make a table in public', false, 'CREATE TABLE public.rights_check ()'],
      ['make a role', false, 'CREATE ROLE rights_check'],
      ['read a file of the server', false, "SELECT pg_read_file('PG_VERSION')"],
    ];
    return cases.map(([what, allowed, sql]) => ({
      who: `Postgres ${name}`,
      what,
      allowed,
      try: () => runs(sql, new pg.Client({ ...server, user: name, password: secret(`postgres_${name}`) })),
    }));
  });
}

/** @param {string} schema @param {boolean} own @param {boolean} owner @returns {[string, boolean, string][]} */
function tables(schema, own, owner) {
  const table = `${schema}.outbox`;
  return [
    [`read ${schema}`, own, `SELECT 1 FROM ${table} LIMIT 1`],
    [`write ${schema}`, own, `DELETE FROM ${table} WHERE false`],
    [`change tables of ${schema}`, own && owner, `ALTER TABLE ${table} ADD COLUMN rights_check int`],
  ];
}

/** In a transaction that never happened. @param {string} sql @param {import('pg').Client} client */
async function runs(sql, client) {
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    return true;
  } catch (error) {
    if (/** @type {{ code?: string }} */ (error).code === INSUFFICIENT_PRIVILEGE) return false;
    throw error;
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
}
