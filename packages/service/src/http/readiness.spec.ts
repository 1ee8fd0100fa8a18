import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metrics } from '@repo/observability';
import { createInternalServer } from './internal-server.js';
import { Readiness } from './readiness.js';

let readiness: Readiness;
let server: Server;
let asked: number;
let database: () => void | Promise<void>;

async function ask(path: string): Promise<{ status: number; body: unknown }> {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: answer.status, body: await answer.json() };
}

describe('Health', () => {
  beforeEach(async () => {
    asked = 0;
    database = () => undefined;
    readiness = new Readiness();
    readiness.register('postgres', () => {
      asked += 1;
      return database();
    });
    server = createInternalServer(readiness, new Metrics()).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is alive whatever has become of the servers, which it does not ask', async () => {
    database = () => new Promise(() => undefined);

    expect(await ask('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(asked).toBe(0);
  });

  it('is ready when everything answers', async () => {
    expect(await ask('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ready', checks: { postgres: 'up' } },
    });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('refused')), 'refused'],
    ['is silent', () => new Promise<void>(() => undefined), 'no answer in time'],
  ])('is not ready when something %s', async (_, check, reason) => {
    database = check;

    expect(await ask('/health/ready')).toEqual({
      status: 503,
      body: { status: 'not ready', checks: { postgres: reason } },
    });
  });

  it('asks once for many who want to know', async () => {
    await Promise.all(Array.from({ length: 20 }, () => ask('/health/ready')));

    expect(asked).toBe(1);
  });

  it('is not ready from the moment the process is to stop', async () => {
    await ask('/health/ready');
    readiness.stop();

    expect(await ask('/health/ready')).toEqual({
      status: 503,
      body: { status: 'not ready', checks: { process: 'stopping' } },
    });
  });
});
