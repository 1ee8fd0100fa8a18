import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/expectations.ts';
import { api } from '../../support/api.ts';
import { newUser } from '../../support/users.ts';

const REUSED = 'This Idempotency-Key was used for another request.';

describe('a sign-up with an Idempotency-Key', () => {
  it('creates one user when it is sent five times concurrently', async () => {
    const body = newUser();
    const headers = { 'Idempotency-Key': `"${randomUUID()}"` };

    const responses = await Promise.all(
      Array.from({ length: 5 }, () => api('POST /user', { body, headers })),
    );

    expect(new Set(responses.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(responses[0]!.status).toBe(201);
    expectProblem(await api('POST /user', { body: { ...body, name: 'Ada' }, headers }), 422, REUSED);
  });
});
