import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectLoggedOut, expectProblem } from '../support/expectations.ts';
import { api } from '../../support/api.ts';
import { createUser, adminToken } from '../../support/users.ts';
import { createTask } from '../../support/tasks.ts';

const REUSED = 'This Idempotency-Key was used for another request.';

describe('the routes of tasks', () => {
  it('may end with a slash, and forbid caching', async () => {
    const { token } = await createUser();
    const response = await api('GET /tasks/', { token });

    expect([response.status, response.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  });

  it('return 405 with the allowed methods for another method', async () => {
    const response = await api('PUT /tasks/task');

    expectProblem(response, 405, 'Method Not Allowed');
    expect(response.headers.get('Allow')?.split(', ')).toContain('POST');
  });

  it('refuse a user after a logout', async () => {
    const { token } = await createUser();
    expect((await api('GET /tasks', { token })).status).toBe(200);

    await api('POST /logout', { token });

    expectLoggedOut(await api('GET /tasks', { token }));
  });
});

describe('a task', () => {
  it('is created once when an Idempotency-Key is sent twice', async () => {
    const { token } = await createUser();
    const headers = { 'Idempotency-Key': randomUUID() };

    const first = await api('POST /tasks/task?message=once', { token, headers });
    const again = await api('POST /tasks/task?message=once', { token, headers });

    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expectProblem(await api('POST /tasks/task?message=twice', { token, headers }), 422, REUSED);
    expect((await api('GET /tasks', { token })).body.total_count).toBe(1);
  });

  it('is deleted with its creator', async () => {
    const [{ username, token }, admin] = [await createUser(), await adminToken()];
    const id = await createTask(token);

    await api(`DELETE /db_user/${username}`, { token: admin });

    expectProblem(await api(`GET /tasks/task/${id}`, { token: admin }), 404, 'Task not found');
    expectLoggedOut(await api('GET /tasks', { token }));
  });
});
