import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { explainError } from './explain-error.js';
import { testAdmin } from './testing/test-admin.js';

const admin = testAdmin();

async function failureOf(settings: pg.ClientConfig): Promise<unknown> {
  const client = new pg.Client({ ...admin, database: 'postgres', ...settings });
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await client.end();
  }
}

describe('explainError', () => {
  it.each([
    ['a server that does not run', { port: 1 }, 'start it, or correct POSTGRES_SERVER and POSTGRES_PORT'],
    ['a host that does not exist', { host: 'postgres.invalid' }, 'correct POSTGRES_SERVER'],
    [
      'a database that does not exist',
      { database: 'missing' },
      'create the database, or correct POSTGRES_DB',
    ],
    ['a role that does not exist', { user: 'missing' }, 'correct the name and the password of the role'],
  ])('says what to do about %s', async (_, settings, remedy) => {
    const error = await failureOf(settings);

    const sentence = explainError(error, { host: 'db', port: 5432 });

    expect(sentence).toBe(`PostgreSQL at db:5432: ${(error as Error).message}: ${remedy}.`);
  });

  it('knows nothing about other errors', () => {
    expect(explainError(new TypeError('x is not a function'), { host: 'db', port: 5432 })).toBeUndefined();
  });
});
