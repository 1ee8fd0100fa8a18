import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@repo/core';
import { waitFor } from '@repo/core/testing';
import { asUnavailable } from './database-errors.js';
import { CircuitBreakerPool } from './circuit-breaker-pool.js';

describe('CircuitBreakerPool', () => {
  const sockets = new Set<Socket>();
  let answers: boolean;
  let server: Server;
  let pool: CircuitBreakerPool;

  beforeEach(async () => {
    answers = true;
    const target = { host: process.env.POSTGRES_SERVER!, port: Number(process.env.POSTGRES_PORT) };
    server = createServer((near) => {
      sockets.add(near.on('error', () => undefined).once('close', () => sockets.delete(near)));
      if (!answers) return;
      const far = connect(target).on('error', () => undefined);
      near
        .once('close', () => far.destroy())
        .pipe(far)
        .pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    pool = new CircuitBreakerPool({
      host: '127.0.0.1',
      port: (server.address() as { port: number }).port,
      database: 'postgres',
      user: process.env.POSTGRES_ADMIN_USER,
      password: process.env.POSTGRES_ADMIN_PASSWORD,
      max: 2,
      connectionTimeoutMillis: 200,
    });
    pool.on('error', () => undefined);
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await pool.end();
    await new Promise((resolve) => server.close(resolve));
  });

  const refusal = () =>
    pool.query('SELECT 1').then(
      () => undefined,
      (error: unknown) => error,
    );

  it('refuses immediately with a 503 while PostgreSQL cannot be reached, and connects again afterwards', async () => {
    answers = false;
    for (let failure = 0; failure < 3; failure++) await refusal();

    const refused = await Promise.all(Array.from({ length: 20 }, refusal));

    expect(refused.map(asUnavailable)).toEqual(Array(20).fill(expect.objectContaining({ status: 503 })));
    const immediate = refused.filter((error) => error instanceof UnavailableError);
    // One of them may be the test call of the half-open circuit.
    expect(immediate.length).toBeGreaterThanOrEqual(19);

    answers = true;
    await waitFor(async () => (await refusal()) === undefined);
    expect(await Promise.all(Array.from({ length: 20 }, refusal))).toEqual(Array(20).fill(undefined));
  });

  it('stays closed while all connections are in use: the next query waits', async () => {
    const taken = await Promise.all([pool.connect(), pool.connect()]);
    for (let failure = 0; failure < 5; failure++) await refusal();

    const waiting = pool.query('SELECT 1 AS one');
    taken.forEach((client) => client.release());

    expect((await waiting).rows).toEqual([{ one: 1 }]);
  });
});
