import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';
import { asUnavailable } from './database-errors.js';
import { testSettings } from './testing/test-admin.js';

const QUERY_TIMEOUT_MS = 300;
const CONNECTIONS = 3;

describe('a frozen PostgreSQL server', () => {
  const sockets = new Set<Socket>();
  let proxy: Server;
  let dataSource: DataSource;

  beforeEach(async () => {
    const target = { host: process.env.POSTGRES_SERVER!, port: Number(process.env.POSTGRES_PORT) };
    proxy = createServer((near) => {
      const far = connect(target);
      sockets.add(near.once('close', () => (sockets.delete(near), far.destroy())));
      near
        .on('error', () => undefined)
        .pipe(far.on('error', () => undefined))
        .pipe(near);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    dataSource = await dataSourceOf((proxy.address() as { port: number }).port).initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('delays one request, not one per connection of the pool', async () => {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => dataSource.query('SELECT pg_sleep(0.05)')));
    expect(sockets.size).toBe(CONNECTIONS);
    for (const socket of sockets) socket.unpipe().pause();

    const startedAt = performance.now();
    const error: unknown = await dataSource
      .transaction((manager) => manager.query('SELECT 1'))
      .catch((reason: unknown) => reason);

    expect(asUnavailable(error)).toBeDefined();
    // The ROLLBACK does not wait for another timeout.
    expect(performance.now() - startedAt).toBeLessThan(2 * QUERY_TIMEOUT_MS);
    for (const socket of sockets) socket.resume();
    await expect(dataSource.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });
});

function dataSourceOf(port: number): DataSource {
  const options = dataSourceOptions(
    {
      ...testSettings(),
      POSTGRES_SERVER: '127.0.0.1',
      POSTGRES_PORT: port,
      POSTGRES_DB: 'postgres',
      POSTGRES_USER: process.env.POSTGRES_ADMIN_USER!,
      POSTGRES_PASSWORD: process.env.POSTGRES_ADMIN_PASSWORD!,
      POSTGRES_POOL_SIZE: CONNECTIONS,
    },
    { schema: 'public', entities: [] },
  );
  return new DataSource({ ...options, extra: { ...options.extra, query_timeout: QUERY_TIMEOUT_MS } });
}
