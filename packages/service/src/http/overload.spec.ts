import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@repo/core/testing';
import { fastify } from 'fastify';
import { Registry } from '@prometheus-io/client';
import { Overload } from './overload.js';

const server = fastify();
const metrics = new Registry();
const waiting: (() => void)[] = [];
let url: string;

const ask = (path = '/slow') => fetch(url + path);
const askOften = (times: number) => Array.from({ length: times }, () => ask());
const inWork = (count: number) => waitFor(() => waiting.length === count, { timeoutMs: 20_000 });
const becomeSlow = async () => {
  const slow = askOften(60);
  await inWork(60);
  await delay(1_500);
  finish();
  await Promise.all(slow);
};
const finish = () => {
  for (const answer of waiting.splice(0)) answer();
};

describe('A process with more requests than it can answer in time', () => {
  beforeAll(async () => {
    new Overload(500).register(server, metrics);
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

  it('lets a burst in, as long as answers are quick', async () => {
    const answers = askOften(200);
    await inWork(200);
    finish();

    expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true);
  });

  it('refuses at once what is too much when answers take long, and stays alive', async () => {
    await becomeSlow();

    const admitted = askOften(64);
    await inWork(64);
    const refused = await ask();

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await refused.json()).toMatchObject({ detail: 'Too many requests are in work; try again.' });
    expect((await ask('/api/v1/health')).status).toBe(200);
    expect(await metrics.metrics()).toContain('http_requests_refused_total 1');

    finish();
    expect((await Promise.all(admitted)).every(({ status }) => status === 200)).toBe(true);
  });

  it('is not deceived by quick refusals of what stands behind it', async () => {
    await becomeSlow();
    for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 50 }, () => ask('/full')));

    const admitted = askOften(64);
    await inWork(64);

    expect((await ask()).status).toBe(503);
    finish();
    await Promise.all(admitted);
  });

  it('lets them in again when it has become quick', async () => {
    for (let round = 0; round < 2; round++) {
      const answers = askOften(60);
      await inWork(60);
      finish();
      await Promise.all(answers);
    }
    const answers = askOften(100);
    await inWork(100);
    finish();

    expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true);
  });

  it('forgets those whose client has hung up', async () => {
    const leaving = new AbortController();
    const gone = Array.from({ length: 256 }, () =>
      fetch(`${url}/slow`, { signal: leaving.signal }).catch(() => undefined),
    );
    await inWork(256);
    expect((await ask()).status).toBe(503);
    leaving.abort();
    await Promise.all(gone);
    waiting.length = 0;

    await waitFor(async () => (await ask('/api/v1/nothing')).status === 404);
  });
});
