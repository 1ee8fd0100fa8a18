import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RedisServer, waitFor } from '@repo/testing';
import { aCaller, type JobsApp, startJobs } from './jobs-app.js';

let redis: RedisServer;
let app: JobsApp;

beforeAll(async () => {
  redis = await RedisServer.start();
  app = await startJobs({ REDIS_QUEUE_HOST: redis.host, REDIS_QUEUE_PORT: String(redis.port) });
});

afterAll(async () => {
  await app.close();
  redis.thaw();
  await redis.stop();
});

const { token } = aCaller({ isSuperuser: true });
const get = (path: string) =>
  fetch(`${app.url}/admin/queues${path}`, { headers: { Authorization: `Bearer ${token}` } });

async function returns503Within(limitMs: number): Promise<void> {
  const start = performance.now();
  const response = await get('/api/queues');

  expect([response.status, response.headers.get('content-type')]).toEqual([
    503,
    expect.stringMatching(/^application\/problem\+json/),
  ]);
  expect(performance.now() - start).toBeLessThan(limitMs);
}

it('the queue dashboard returns 503 within 1.5 s while Redis hangs or is stopped, and recovers', async () => {
  expect((await get('/api/queues')).status).toBe(200);

  redis.freeze();
  await returns503Within(1_500);
  redis.thaw();
  await waitFor(async () => (await get('/api/queues')).status === 200);

  await redis.stop();
  await returns503Within(1_500);
  expect((await get('')).status).toBe(200);
  expect((await app.post('hello')).status).toBe(201);
  await redis.restart();
  await waitFor(async () => (await get('/api/queues')).status === 200);
});
