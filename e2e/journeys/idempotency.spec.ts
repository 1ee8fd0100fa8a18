import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/expectations.js';
import { api } from '../support/gateway.js';
import { join, newUser } from '../support/people.js';

const REUSED = 'This Idempotency-Key was used for another request.';

describe('a request with an Idempotency-Key, sent until it is answered,', () => {
  it('signs up once', async () => {
    const body = newUser();
    const headers = { 'Idempotency-Key': `"${randomUUID()}"` };

    const answers = await Promise.all(Array.from({ length: 5 }, () => api('POST /user', { body, headers })));

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(201);
    expectProblem(await api('POST /user', { body: { ...body, name: 'Ada' }, headers }), 422, REUSED);
  });

  it('publishes once', async () => {
    const { username, token } = await join();
    const body = { title: 'Once', text: 'Its text.' };
    const headers = { 'Idempotency-Key': randomUUID() };

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api(`POST /${username}/post`, { token, body, headers })),
    );

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await api(`GET /${username}/posts`)).body).toMatchObject({
      total_count: 1,
      data: [answers[0]!.body],
    });
  });

  it('starts one task', async () => {
    const { token } = await join();
    const headers = { 'Idempotency-Key': randomUUID() };

    const first = await api('POST /tasks/task?message=once', { token, headers });
    const again = await api('POST /tasks/task?message=once', { token, headers });

    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expectProblem(await api('POST /tasks/task?message=twice', { token, headers }), 422, REUSED);
    expect((await api('GET /tasks', { token })).body.total_count).toBe(1);
  });
});
