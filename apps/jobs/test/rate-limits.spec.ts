import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReplicaBus } from '@repo/messaging';
import { RATE_LIMITS_TOPIC } from '@repo/rate-limit';
import { aCaller, anAddress, type JobsApp, problem, startJobs, taskPath } from './jobs-app.js';

let app: JobsApp;
const ROUTE = 'api_v1_tasks_task';

beforeAll(async () => {
  app = await startJobs();
});

afterAll(() => app.close());

/** The statuses of `calls` requests, one after another. */
async function statusesOf(calls: number, request: { token?: string; address?: string }): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < calls; i++) statuses.push((await app.post('hello', request)).status);
  return statuses;
}

describe('the limit of POST /tasks/task', () => {
  it("is the rule of the user's tier for the route", async () => {
    const { id, token } = aCaller();
    app.users.setRule(id, ROUTE, { limit: 2, period: 60 });

    const first = await app.post('hello', { token });
    const second = await app.post('hello', { token });
    const third = await app.post('hello', { token });

    expect(first.status).toBe(201);
    expect(first.headers.get('ratelimit-policy')).toBe(`"${ROUTE}";q=2;w=60`);
    expect(first.headers.get('ratelimit')).toMatch(new RegExp(`^"${ROUTE}";r=1;t=\\d+$`));
    expect(second.status).toBe(201);
    expect(third).toMatchObject(problem(429, 'Rate limit exceeded.'));
    expect(third.headers.get('ratelimit-policy')).toBe(`"${ROUTE}";q=2;w=60`);
    expect(third.headers.get('ratelimit')).toMatch(new RegExp(`^"${ROUTE}";r=0;t=\\d+$`));
    expect(third.headers.get('cache-control')).toBe('no-store');
    const wait = Number(third.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(60);
  });

  it('counts a repeated request with an Idempotency-Key once', async () => {
    const { id, token } = aCaller();
    app.users.setRule(id, ROUTE, { limit: 1, period: 60 });
    const post = (key: string) =>
      app.api(`POST ${taskPath('hello')}`, { token, headers: { 'Idempotency-Key': key } });

    const first = await post('one');
    const again = await post('one');

    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(await post('two')).toMatchObject(problem(429, 'Rate limit exceeded.'));
    expect(
      await app.database.query('SELECT id FROM jobs.tasks WHERE created_by_user_id = $1', [id]),
    ).toHaveLength(1);
  });

  it('creates no task for a rejected request', async () => {
    const { id, token } = aCaller();
    app.users.setRule(id, ROUTE, { limit: 1, period: 60 });

    expect(await statusesOf(3, { token })).toEqual([201, 429, 429]);

    expect(
      await app.database.query('SELECT id FROM jobs.tasks WHERE created_by_user_id = $1', [id]),
    ).toHaveLength(1);
  });

  it('is 10 per hour for users without a rule', async () => {
    const { token } = aCaller();

    const first = await app.post('hello', { token });

    expect(first.headers.get('ratelimit-policy')).toBe(`"${ROUTE}";q=10;w=3600`);
    expect(await statusesOf(10, { token })).toEqual([...Array<number>(9).fill(201), 429]);
  });

  it('is the default while the service users is unavailable', async () => {
    const { id, token } = aCaller();
    app.users.setRule(id, ROUTE, { limit: 2, period: 60 });

    app.users.unavailable = true;
    const response = await app.post('hello', { token });
    app.users.unavailable = false;

    expect(response.status).toBe(201);
    expect(response.headers.get('ratelimit-policy')).toBe(`"${ROUTE}";q=10;w=3600`);
  });

  it('counts requests without a token by client address', async () => {
    const address = anAddress();

    expect(await statusesOf(11, { address })).toEqual([...Array<number>(10).fill(201), 429]);
    expect(await statusesOf(1, { address: anAddress() })).toEqual([201]);
  });

  it('counts the address that the gateway adds, not one that the client sends', async () => {
    const address = anAddress();

    await statusesOf(10, { address });

    expect(await statusesOf(1, { address: `${anAddress()}, ${address}` })).toEqual([429]);
  });

  it('treats an invalid token as none', async () => {
    const address = anAddress();

    await statusesOf(5, { address });
    await statusesOf(5, { address, token: 'nonsense' });

    expect(await statusesOf(1, { address })).toEqual([429]);
    expect(await statusesOf(1, { address, token: 'more.of.it' })).toEqual([429]);
  });

  it('counts a user across addresses, and separately from others at the same address', async () => {
    const { id, token } = aCaller();
    const address = anAddress();
    app.users.setRule(id, ROUTE, { limit: 1, period: 60 });

    expect(await statusesOf(1, { token, address })).toEqual([201]);
    expect(await statusesOf(1, { token })).toEqual([429]);
    expect(await statusesOf(1, { address })).toEqual([201]);
  });

  it('applies a changed rule to the next request', async () => {
    const { id, token } = aCaller();
    app.users.setRule(id, ROUTE, { limit: 1, period: 60 });
    expect(await statusesOf(2, { token })).toEqual([201, 429]);

    app.users.setRule(id, ROUTE, { limit: 2, period: 60 });
    await app.nest.get(ReplicaBus).broadcast(RATE_LIMITS_TOPIC, {});
    expect(await statusesOf(2, { token })).toEqual([201, 429]);

    app.users.setRule(id, ROUTE, { limit: 3, period: 60 });
    await app.nest.get(ReplicaBus).broadcast(RATE_LIMITS_TOPIC, { userId: id });
    expect(await statusesOf(2, { token })).toEqual([201, 429]);
  });

  it('admits exactly the limit of 400 concurrent requests to two replicas', async () => {
    const replica = await app.replica();
    try {
      const { id, token } = aCaller();
      app.users.setRule(id, ROUTE, { limit: 10, period: 3_600 });

      const responses = await Promise.all(
        Array.from({ length: 400 }, (_, i) =>
          (i % 2 ? app : replica).api(`POST ${taskPath('hello')}`, { token }),
        ),
      );

      expect(responses.filter(({ status }) => status === 201)).toHaveLength(10);
      expect(responses.filter(({ status }) => status === 429)).toHaveLength(390);
    } finally {
      await replica.close();
    }
  });
});
