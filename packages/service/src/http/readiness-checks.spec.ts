import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metrics } from '@repo/observability';
import { createInternalServer } from './internal-server.js';
import { ReadinessChecks } from './readiness-checks.js';

let readiness: ReadinessChecks;
let server: Server;
let checks: number;
let database: () => void | Promise<void>;

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.json() };
}

describe('the internal server', () => {
  beforeEach(async () => {
    checks = 0;
    database = () => undefined;
    readiness = new ReadinessChecks();
    readiness.register('postgres', () => {
      checks += 1;
      return database();
    });
    server = createInternalServer(readiness, new Metrics()).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is live without a check', async () => {
    database = () => new Promise(() => undefined);

    expect(await get('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(checks).toBe(0);
  });

  it('is ready when all checks succeed', async () => {
    expect(await get('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ready', checks: { postgres: 'up' } },
    });
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('refused')), 'refused'],
    ['hangs', () => new Promise<void>(() => undefined), 'no response in time'],
  ])('is not ready when a check %s', async (_, check, reason) => {
    database = check;

    expect(await get('/health/ready')).toEqual({
      status: 503,
      body: { status: 'not ready', checks: { postgres: reason } },
    });
  });

  it('runs a check once for concurrent requests', async () => {
    await Promise.all(Array.from({ length: 20 }, () => readiness.report()));

    expect(checks).toBe(1);
  });

  it('is not ready after stop()', async () => {
    await get('/health/ready');
    readiness.stop();

    expect(await get('/health/ready')).toEqual({
      status: 503,
      body: { status: 'not ready', checks: { process: 'stopping' } },
    });
  });
});
