import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@repo/core';
import { freePort, waitFor } from '@repo/core/testing';
import type { Result } from 'ioredis';
import { RedisClient } from './redis-client.js';
import { RedisServer } from './testing/redis-server.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    concatenate(keyCount: 1, key: string, text: string): Result<string, Context>;
  }
}

describe('RedisClient', () => {
  let server: RedisServer;
  const clients: RedisClient[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisServer.start();
  });

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.onApplicationShutdown()));
    await server.stop();
  });

  async function connect(credentials: { username?: string; password?: string } = {}): Promise<RedisClient> {
    const client = new RedisClient({ host: server.host, port: server.port, ...credentials });
    clients.push(client);
    await client.onModuleInit();
    return client;
  }

  async function failure(client: RedisClient): Promise<{ error: unknown; afterMs: number }> {
    const startedAt = performance.now();
    const error = await client.run((redis) => redis.get('a')).catch((reason: unknown) => reason);
    return { error, afterMs: performance.now() - startedAt };
  }

  it('runs commands', async () => {
    const client = await connect();

    await client.run((redis) => redis.set('a', '1'));

    expect(await client.run((redis) => redis.get('a'))).toBe('1');
  });

  it('connects with a user name and a password', async () => {
    const admin = await connect();
    await admin.run((redis) => redis.call('ACL', 'SETUSER', 'posts', 'on', '>secret', '~*', '+@all'));

    const client = await connect({ username: 'posts', password: 'secret' });

    expect(await client.run((redis) => redis.call('ACL', 'WHOAMI'))).toBe('posts');
  });

  describe('of a server with a password', () => {
    let locked: RedisServer;

    beforeAll(async () => {
      locked = await RedisServer.start();
      const admin = locked.connect();
      await admin.config('SET', 'requirepass', 'secret');
      admin.disconnect();
    });
    afterAll(() => locked.stop());

    const initialize = async (account: { username?: string; password?: string }) => {
      const client = new RedisClient({ host: locked.host, port: locked.port, ...account });
      clients.push(client);
      await client.onModuleInit();
      return client;
    };

    it('connects with the password alone', async () => {
      const client = await initialize({ password: 'secret' });

      expect(await client.run((redis) => redis.ping())).toBe('PONG');
    });

    it.each([
      ['no password', {}],
      ['a wrong password', { password: 'wrong' }],
      ['an unknown user', { username: 'posts', password: 'secret' }],
    ])('stops the start for %s', async (_, account) => {
      await expect(initialize(account)).rejects.toThrow(
        /^Redis at 127\.0\.0\.1:\d+ refused the account \((NOAUTH|WRONGPASS) .*\): correct REDIS_USERNAME and REDIS_PASSWORD\.$/,
      );
    });
  });

  it('stops the start for a cluster', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'redis-'));
    // By default the second port of a cluster is the first one plus 10,000, which may not exist.
    const secondPort = ['--cluster-port', String(await freePort())];
    const cluster = await RedisServer.start('--dir', folder, '--cluster-enabled', 'yes', ...secondPort);
    try {
      const client = new RedisClient({ host: cluster.host, port: cluster.port });

      await expect(client.onModuleInit()).rejects.toThrow(/runs in the mode cluster: use a single server\.$/);
    } finally {
      await cluster.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('throws the error of a command and stays available', async () => {
    const client = await connect();
    await client.run((redis) => redis.set('text', 'x'));

    await expect(client.run((redis) => redis.incr('text'))).rejects.toThrow(/not an integer/);

    expect(client.available).toBe(true);
  });

  it('runs a script as a command, also after the server has lost it', async () => {
    const client = await connect();
    client.defineCommand('concatenate', "return KEYS[1] .. ARGV[1] .. 'fresh'");
    const concatenate = () => client.run((redis) => redis.concatenate(1, 'a', 'b'));

    expect(await Promise.all([concatenate(), concatenate()])).toEqual(['abfresh', 'abfresh']);
    await client.run((redis) => redis.script('FLUSH'));
    expect(await Promise.all([concatenate(), concatenate()])).toEqual(['abfresh', 'abfresh']);
  });

  it('fails after 100 ms when the server freezes, then immediately, and is available again when it responds', async () => {
    const client = await connect();
    let recoveries = 0;
    client.onRecovered(() => (recoveries += 1));
    const { connection } = client;

    server.freeze();
    try {
      const first = await Promise.all(Array.from({ length: 50 }, () => failure(client)));
      const next = await failure(client);

      expect(first.every(({ error }) => error instanceof UnavailableError)).toBe(true);
      expect(Math.max(...first.map(({ afterMs }) => afterMs))).toBeLessThan(200);
      expect(next.error).toBeInstanceOf(UnavailableError);
      expect(next.afterMs).toBeLessThan(20);
    } finally {
      server.thaw();
    }
    await waitFor(() => client.available);
    expect(await client.run((redis) => redis.ping())).toBe('PONG');
    expect(recoveries).toBe(1);
    expect(client.connection).toBe(connection);
  });

  it('fails immediately when the server is killed, and counts the new connection', async () => {
    const client = await connect();
    const { connection } = client;

    await server.stop();
    await waitFor(() => !client.available);
    expect((await failure(client)).afterMs).toBeLessThan(20);

    await server.restart();
    await waitFor(() => client.available);
    expect(await client.run((redis) => redis.ping())).toBe('PONG');
    expect(client.connection).toBeGreaterThan(connection);
  });

  it('starts without a server', async () => {
    const client = new RedisClient({ host: '127.0.0.1', port: 1 });
    clients.push(client);

    await client.onModuleInit();

    expect(client.available).toBe(false);
    expect((await failure(client)).error).toBeInstanceOf(UnavailableError);
  });
});
