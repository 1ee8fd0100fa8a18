import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@repo/core/testing';
import { fastify } from 'fastify';
import { Registry } from '@prometheus-io/client';
import { LoadShedding } from './load-shedding.js';

const server = fastify();
const metrics = new Registry();
const waiting: (() => void)[] = [];
let url: string;

const get = (path = '/slow') => fetch(url + path);
const getOften = (times: number) => Array.from({ length: times }, () => get());
const inProgress = (count: number) => waitFor(() => waiting.length === count, { timeoutMs: 20_000 });
/** One request stays in progress: an idle process is not slow. */
const becomeSlow = async () => {
  const staying = get();
  await inProgress(1);
  const slow = getOften(60);
  await inProgress(61);
  await delay(1_500);
  for (const respond of waiting.splice(1)) respond();
  await Promise.all(slow);
  return { staying };
};
const finish = () => {
  for (const respond of waiting.splice(0)) respond();
};

describe('LoadShedding', () => {
  beforeAll(async () => {
    new LoadShedding(500).register(server, metrics);
    server.get('/slow', async () => new Promise<string>((resolve) => waiting.push(() => resolve('done'))));
    server.get('/full', (_request, reply) => reply.status(503).send());
    server.get('/api/v1/health', async () => 'alive');
    url = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => {
    finish();
    const closed = server.close();
    server.server.closeAllConnections();
    await closed;
  });

  it('admits a burst while responses are fast', async () => {
    const responses = getOften(1_000);
    await inProgress(1_000);
    finish();

    expect((await Promise.all(responses)).every(({ status }) => status === 200)).toBe(true);
  });

  it('returns 503 above 64 concurrent requests while responses are slow, except on health routes', async () => {
    await becomeSlow();

    const admitted = getOften(63);
    await inProgress(64);
    const rejected = await get();

    expect(rejected.status).toBe(503);
    expect(rejected.headers.get('retry-after')).toBe('1');
    expect(rejected.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await rejected.json()).toMatchObject({ detail: 'Too many requests are in work; try again.' });
    expect((await get('/api/v1/health')).status).toBe(200);
    expect(await metrics.metrics()).toContain('http_requests_refused_total 1');

    finish();
    expect((await Promise.all(admitted)).every(({ status }) => status === 200)).toBe(true);
  });

  it('ignores fast 503 responses of dependencies in the latency', async () => {
    await becomeSlow();
    for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 50 }, () => get('/full')));

    const admitted = getOften(63);
    await inProgress(64);

    expect((await get()).status).toBe(503);
    finish();
    await Promise.all(admitted);
  });

  it('admits more requests again after the process was idle', async () => {
    const { staying } = await becomeSlow();
    finish();
    await staying;

    const responses = getOften(100);
    await inProgress(100);
    finish();

    expect((await Promise.all(responses)).every(({ status }) => status === 200)).toBe(true);
  });

  it('does not count requests whose clients have disconnected', async () => {
    const disconnect = new AbortController();
    const { staying } = await becomeSlow();
    const aborted = Array.from({ length: 63 }, () =>
      fetch(`${url}/slow`, { signal: disconnect.signal }).catch(() => undefined),
    );
    await inProgress(64);
    expect((await get()).status).toBe(503);
    disconnect.abort();
    await Promise.all(aborted);
    finish();
    await staying;

    await waitFor(async () => (await get('/api/v1/nothing')).status === 404);
  });
});
