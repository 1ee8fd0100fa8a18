import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectMessage, expectProblem } from '../support/expectations.ts';
import { api } from '../../support/api.ts';
import { assignTier, createTier } from '../../support/tiers.ts';
import { adminToken, createUser } from '../../support/users.ts';
import { createTask } from '../../support/tasks.ts';

const PATH = 'api/v1/tasks/task';
const postTask = (token?: string, headers?: Record<string, string>) =>
  api('POST /tasks/task?message=hello', { token, headers });

describe('the rate limit of a tier', () => {
  let admin: string;
  beforeAll(async () => {
    admin = await adminToken();
  });

  it('applies to the next request after the tier was assigned', async () => {
    const user = await createUser();
    const tier = await createTier(admin, { path: PATH, limit: 2, period: 3600 });
    await createTask(user.token);
    await assignTier(admin, user, tier.id);

    const last = await postTask(user.token);
    const refused = await postTask(user.token);

    expect(last.status).toBe(201);
    expect(last.headers.get('RateLimit-Policy')).toBe('"api_v1_tasks_task";q=2;w=3600');
    expect(last.headers.get('RateLimit')).toMatch(/^"api_v1_tasks_task";r=0;t=\d+$/);
    expectProblem(refused, 429, 'Rate limit exceeded.');
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(3500);
    expect(refused.headers.get('RateLimit')).toMatch(/;r=0;t=\d+$/);
    expect(refused.headers.get('RateLimit-Policy')).toMatch(/;q=2;w=3600$/);
  });

  it('applies to the next request after it was changed, and after it was deleted', async () => {
    const user = await createUser();
    const { token } = user;
    const tier = await createTier(admin, { path: PATH, limit: 1, period: 3600 });
    await assignTier(admin, user, tier.id);
    const rule = `/tier/${tier.name}/rate_limit/${tier.ruleIds[0]}` as const;
    await createTask(token);
    expectProblem(await postTask(token), 429);

    expectMessage(await api(`PATCH ${rule}`, { token: admin, body: { limit: 2 } }), 'Rate Limit updated');
    await createTask(token);
    expectProblem(await postTask(token), 429);

    expectMessage(await api(`DELETE ${rule}`, { token: admin }), 'Rate Limit deleted');
    expect((await postTask(token)).headers.get('RateLimit-Policy')).toMatch(/;q=10;w=3600$/);
  });

  it('applies to the next request after the tier was replaced', async () => {
    const user = await createUser();
    const narrow = await createTier(admin, { path: PATH, limit: 1, period: 3600 });
    const wide = await createTier(admin, { path: PATH, limit: 5, period: 3600 });
    await assignTier(admin, user, narrow.id);
    await createTask(user.token);
    expectProblem(await postTask(user.token), 429);

    await assignTier(admin, user, wide.id);

    await createTask(user.token);
  });

  it('is exact for concurrent requests', async () => {
    const user = await createUser();
    const tier = await createTier(admin, { path: PATH, limit: 3, period: 3600 });
    await assignTier(admin, user, tier.id);

    const responses = await Promise.all(Array.from({ length: 12 }, () => postTask(user.token)));

    expect(responses.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(9);
  });

  it('is shown with the remaining requests', async () => {
    const user = await createUser();
    const usage = async () => (await api('GET /user/me/usage', { token: user.token })).body;
    const unused = { path: 'api_v1_tasks_task', limit: 10, period: 3600, remaining: 10 };
    expect(await usage()).toMatchObject([unused]);

    await createTask(user.token);
    expect(await usage()).toMatchObject([{ limit: 10, remaining: 9 }]);

    const tier = await createTier(admin, { path: PATH, limit: 3, period: 60 });
    await assignTier(admin, user, tier.id);
    const [now] = await usage();
    expect(now).toMatchObject({ limit: 3, period: 60, remaining: 2 });
    expect(now.reset).toBeGreaterThan(0);
    expect(now.reset).toBeLessThanOrEqual(60);
  });

  it('is shown with its tier and with its users', async () => {
    const user = await createUser();
    const tier = await createTier(admin, { path: `/${PATH}/`, limit: 4, period: 60 });
    await assignTier(admin, user, tier.id);

    const rule = await api(`GET /tier/${tier.name}/rate_limit/${tier.ruleIds[0]}`);
    const withLimits = await api(`GET /user/${user.username}/rate_limits`, { token: admin });
    const withTier = await api(`GET /user/${user.username}/tier`);

    expect(rule.body).toMatchObject({ path: 'api_v1_tasks_task', limit: 4, period: 60, tier_id: tier.id });
    expect(withLimits.body).toMatchObject({ email: user.email, tier_rate_limits: [rule.body] });
    expect(withTier.body).toMatchObject({ tier_id: tier.id, tier_name: tier.name });
    expectProblem(await api(`DELETE /tier/${tier.name}`, { token: admin }), 409, 'Tier is in use');
  });

  it('gets a name from its path, limit and period when it is created without one', async () => {
    const { name } = await createTier(admin);
    const limit = randomInt(1, 2 ** 31);
    const { body } = await api(`POST /tier/${name}/rate_limit`, {
      token: admin,
      body: { path: PATH, limit, period: 60 },
    });

    expect(body.name).toBe(`api_v1_tasks_task:${limit}:60`);
  });
});

describe('the rate limit of a client without a token', () => {
  it('counts by the address that the gateway sees, whatever headers the client sends', async () => {
    const remaining = async (headers: Record<string, string>) => {
      const { status, headers: sent } = await postTask(undefined, headers);
      expect([201, 429]).toContain(status);
      return Number(/;r=(\d+);/.exec(sent.get('RateLimit') ?? '')?.[1]);
    };

    const first = await remaining({});
    const second = await remaining({
      'X-Forwarded-For': '203.0.113.7',
      'X-Real-IP': '203.0.113.7',
      Forwarded: 'for=203.0.113.7',
    });
    const third = await remaining({ Authorization: 'Bearer invalid' });

    expect([second, third]).toEqual([Math.max(0, first - 1), Math.max(0, first - 2)]);
  });
});
