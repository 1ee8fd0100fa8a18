import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { newUser } from '../../support/people.js';

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
});
