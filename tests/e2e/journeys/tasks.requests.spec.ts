import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectLoggedOut, expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { join, superuser } from '../../support/people.js';
import { makeTask } from '../../support/tasks.js';

const REUSED = 'This Idempotency-Key was used for another request.';

describe('the routes of tasks', () => {
  it('are the same with a slash at their end, and kept by nobody', async () => {
    const { token } = await join();
    const answer = await api('GET /tasks/', { token });

    expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  });

  it('say which methods they are served for', async () => {
    const answer = await api('PUT /tasks/task');

    expectProblem(answer, 405, 'Method Not Allowed');
    expect(answer.headers.get('Allow')?.split(', ')).toContain('POST');
  });

  it('are closed to who has logged out', async () => {
    const { token } = await join();
    expect((await api('GET /tasks', { token })).status).toBe(200);

    await api('POST /logout', { token });

    expectLoggedOut(await api('GET /tasks', { token }));
  });
});

describe('a task', () => {
  it('is started once by an Idempotency-Key that is sent twice', async () => {
    const { token } = await join();
    const headers = { 'Idempotency-Key': randomUUID() };

    const first = await api('POST /tasks/task?message=once', { token, headers });
    const again = await api('POST /tasks/task?message=once', { token, headers });

    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expectProblem(await api('POST /tasks/task?message=twice', { token, headers }), 422, REUSED);
    expect((await api('GET /tasks', { token })).body.total_count).toBe(1);
  });

  it('goes with the user who made it', async () => {
    const [{ username, token }, admin] = [await join(), await superuser()];
    const id = await makeTask(token);

    await api(`DELETE /db_user/${username}`, { token: admin });

    expectProblem(await api(`GET /tasks/task/${id}`, { token: admin }), 404, 'Task not found');
    expectLoggedOut(await api('GET /tasks', { token }));
  });
});
