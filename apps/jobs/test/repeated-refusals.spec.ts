import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Revocations } from '@repo/auth';
import { ReplicaBus } from '@repo/messaging';
import { RATE_LIMITS_TOPIC, RateLimitRules } from '@repo/rate-limit';
import { aCaller, type Caller, type JobsApp, problem, startJobs, taskPath } from './jobs-app.js';

const PATH = 'api_v1_tasks_task';

let app: JobsApp;
/** Called once for each request that is routed. */
let ruleFor: jest.SpiedFunction<RateLimitRules['ruleFor']>;

const post = ({ token }: Caller, { message = 'x', headers = {}, body }: PostOptions = {}) =>
  app.api(`POST ${taskPath(message)}`, { token, headers, body });

interface PostOptions {
  message?: string;
  headers?: Record<string, string>;
  body?: object;
}

/** A user whose only call is used, and whose request was refused once. */
async function aRefused(): Promise<Caller> {
  const caller = aCaller();
  app.users.setRule(caller.id, PATH, { limit: 1, period: 60 });
  await post(caller);
  expect(await post(caller)).toMatchObject(problem(429, 'Rate limit exceeded.'));
  ruleFor.mockClear();
  return caller;
}

describe('A refused request that is repeated', () => {
  beforeAll(async () => {
    app = await startJobs();
    ruleFor = jest.spyOn(app.nest.get(RateLimitRules), 'ruleFor');
  });
  beforeEach(() => void ruleFor.mockClear());
  afterAll(() => app.close());

  it('is refused with the same response, without being routed', async () => {
    const caller = aCaller();
    app.users.setRule(caller.id, PATH, { limit: 1, period: 60 });
    await post(caller);

    const [first, second] = [await post(caller), await post(caller)];

    expect(ruleFor).toHaveBeenCalledTimes(2);
    expect(second.body).toEqual({ ...first.body, request_id: second.headers.get('x-request-id') });
    const names = (response: Response | typeof first) => [...response.headers].map(([name]) => name);
    expect(names(second)).toEqual(names(first));
    expect(second.headers.get('retry-after')).toMatch(/^(59|60)$/);
    expect(second.headers.get('ratelimit')).toMatch(/^"api_v1_tasks_task";r=0;t=(59|60)$/);
  });

  it('is accepted when the rule of the user has changed', async () => {
    const caller = await aRefused();

    app.users.setRule(caller.id, PATH, { limit: 2, period: 60 });
    await app.nest.get(ReplicaBus).broadcast(RATE_LIMITS_TOPIC, { userId: caller.id });

    expect((await post(caller)).status).toBe(201);
  });

  it('is one without a token when the token has been revoked', async () => {
    const caller = await aRefused();
    const now = Date.now();

    const user = { kind: 'user', id: caller.id, issuedBefore: now / 1_000 + 1 } as const;
    await app.nest.get(Revocations).revoke({ ...user, expiresAt: now + 60_000 });

    expect((await post(caller)).status).toBe(201);
  });

  it('is answered when it repeats one with an Idempotency-Key that was accepted', async () => {
    const caller = aCaller();
    const headers = { 'Idempotency-Key': randomUUID() };
    app.users.setRule(caller.id, PATH, { limit: 1, period: 60 });
    const accepted = await post(caller, { headers });
    for (let times = 0; times < 2; times++) expect((await post(caller)).status).toBe(429);

    expect(await post(caller, { headers })).toMatchObject({ status: 201, body: accepted.body });
  });

  it('is routed with a body', async () => {
    const caller = await aRefused();

    expect((await post(caller, { body: {} })).status).toBe(429);
    expect(ruleFor).toHaveBeenCalledTimes(1);
  });

  it('does not decide about another request of the caller', async () => {
    const { token } = await aRefused();

    expect((await app.api('POST /tasks/task', { token })).status).toBe(422);
  });
});
