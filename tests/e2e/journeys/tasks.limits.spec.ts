import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectMessage, expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { assignTier, makeTier } from '../../support/make.js';
import { join, superuser } from '../../support/people.js';
import { makeTask } from '../../support/tasks.js';

const PATH = 'api/v1/tasks/task';
const createTask = (token?: string, headers?: Record<string, string>) =>
  api('POST /tasks/task?message=hello', { token, headers });

describe('the limit of a tier', () => {
  let admin: string;
  beforeAll(async () => {
    admin = await superuser();
  });

  it('acts on the next call after the tier was assigned', async () => {
    const user = await join();
    const tier = await makeTier(admin, { path: PATH, limit: 2, period: 3600 });
    await makeTask(user.token);
    await assignTier(admin, user, tier.id);

    const last = await createTask(user.token);
    const refused = await createTask(user.token);

    expect(last.status).toBe(201);
    expect(last.headers.get('RateLimit-Policy')).toBe('"api_v1_tasks_task";q=2;w=3600');
    expect(last.headers.get('RateLimit')).toMatch(/^"api_v1_tasks_task";r=0;t=\d+$/);
    expectProblem(refused, 429, 'Rate limit exceeded.');
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(3500);
    expect(refused.headers.get('RateLimit')).toMatch(/;r=0;t=\d+$/);
    expect(refused.headers.get('RateLimit-Policy')).toMatch(/;q=2;w=3600$/);
  });

  it('acts on the next call after it was changed, and after it was deleted', async () => {
    const user = await join();
    const { token } = user;
    const tier = await makeTier(admin, { path: PATH, limit: 1, period: 3600 });
    await assignTier(admin, user, tier.id);
    const rule = `/tier/${tier.name}/rate_limit/${tier.ruleIds[0]}` as const;
    await makeTask(token);
    expectProblem(await createTask(token), 429);

    expectMessage(await api(`PATCH ${rule}`, { token: admin, body: { limit: 2 } }), 'Rate Limit updated');
    await makeTask(token);
    expectProblem(await createTask(token), 429);

    expectMessage(await api(`DELETE ${rule}`, { token: admin }), 'Rate Limit deleted');
    expect((await createTask(token)).headers.get('RateLimit-Policy')).toMatch(/;q=10;w=3600$/);
  });

  it('acts on the next call after a tier was swapped for another', async () => {
    const user = await join();
    const narrow = await makeTier(admin, { path: PATH, limit: 1, period: 3600 });
    const wide = await makeTier(admin, { path: PATH, limit: 5, period: 3600 });
    await assignTier(admin, user, narrow.id);
    await makeTask(user.token);
    expectProblem(await createTask(user.token), 429);

    await assignTier(admin, user, wide.id);

    await makeTask(user.token);
  });

  it('is exact when many calls come at once', async () => {
    const user = await join();
    const tier = await makeTier(admin, { path: PATH, limit: 3, period: 3600 });
    await assignTier(admin, user, tier.id);

    const answers = await Promise.all(Array.from({ length: 12 }, () => createTask(user.token)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(9);
  });

  it('and what is left of it can be asked for', async () => {
    const user = await join();
    const usage = async () => (await api('GET /user/me/usage', { token: user.token })).body;
    const fresh = { path: 'api_v1_tasks_task', limit: 10, period: 3600, remaining: 10, reset: 0 };
    expect(await usage()).toEqual([{ ...fresh, reset: expect.any(Number) }]);

    await makeTask(user.token);
    expect(await usage()).toMatchObject([{ limit: 10, remaining: 9 }]);

    const tier = await makeTier(admin, { path: PATH, limit: 3, period: 60 });
    await assignTier(admin, user, tier.id);
    const [now] = await usage();
    expect(now).toMatchObject({ limit: 3, period: 60, remaining: 2 });
    expect(now.reset).toBeGreaterThan(0);
    expect(now.reset).toBeLessThanOrEqual(60);
  });

  it('shows with its user, its tier and its rules', async () => {
    const user = await join();
    const tier = await makeTier(admin, { path: `/${PATH}/`, limit: 4, period: 60 });
    await assignTier(admin, user, tier.id);

    const rule = await api(`GET /tier/${tier.name}/rate_limit/${tier.ruleIds[0]}`);
    const withLimits = await api(`GET /user/${user.username}/rate_limits`, { token: admin });
    const withTier = await api(`GET /user/${user.username}/tier`);

    expect(rule.body).toMatchObject({ path: 'api_v1_tasks_task', limit: 4, period: 60, tier_id: tier.id });
    expect(withLimits.body).toMatchObject({ email: user.email, tier_rate_limits: [rule.body] });
    expect(withTier.body).toMatchObject({ tier_id: tier.id, tier_name: tier.name });
    expectProblem(await api(`DELETE /tier/${tier.name}`, { token: admin }), 409, 'Tier is in use');
  });

  it('has a name of its own when it was given none', async () => {
    const { name } = await makeTier(admin);
    const { body } = await api(`POST /tier/${name}/rate_limit`, {
      token: admin,
      body: { path: `api/v1/${name}`, limit: 4, period: 60 },
    });

    expect(body.name).toBe(`api_v1_${name}:4:60`);
  });
});

describe('who is counted without a token', () => {
  it('is the address that the gateway saw, whatever the client says', async () => {
    const left = async (headers: Record<string, string>) => {
      const { status, headers: sent } = await createTask(undefined, headers);
      expect([201, 429]).toContain(status);
      return Number(/;r=(\d+);/.exec(sent.get('RateLimit') ?? '')?.[1]);
    };

    const first = await left({});
    const second = await left({
      'X-Forwarded-For': '203.0.113.7',
      'X-Real-IP': '203.0.113.7',
      Forwarded: 'for=203.0.113.7',
    });
    const third = await left({ Authorization: 'Bearer nonsense' });

    expect([second, third]).toEqual([Math.max(0, first - 1), Math.max(0, first - 2)]);
  });
});
