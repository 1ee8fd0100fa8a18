import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReplicaBus } from '@repo/messaging';
import { testToken } from '@repo/testing';
import { aCaller, anAddress, badFields, type JobsApp, problem, startJobs, taskPath } from './jobs-app.js';

let app: JobsApp;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UNKNOWN = '01938d3e-0000-7000-8000-000000000000';

beforeAll(async () => {
  app = await startJobs();
});

afterAll(() => app.close());

const storedTasks = (message: string) =>
  app.database.query(`SELECT id FROM jobs.tasks WHERE payload ->> 'message' = $1`, [message]);

describe('POST /tasks/task', () => {
  it('returns the id of a stored task', async () => {
    const caller = aCaller();

    const { status, body, headers } = await app.post('hello', { token: caller.token });

    expect(status).toBe(201);
    expect(body).toEqual({ id: expect.stringMatching(UUID_V7) });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(
      await app.database.query('SELECT payload, created_by_user_id FROM jobs.tasks WHERE id = $1', [body.id]),
    ).toEqual([{ payload: { message: 'hello' }, created_by_user_id: caller.id }]);
  });

  it.each([
    ['JSON', 'application/json', '{"message":"another"}'],
    ['broken JSON', 'application/json', '{"mess'],
    ['plain text', 'text/plain', 'hello'],
    ['a form', 'application/x-www-form-urlencoded', 'message=another'],
  ])('ignores a body of %s', async (_, type, raw) => {
    const { token } = aCaller();

    const { status, body } = await app.api('POST /tasks/task?message=hello', {
      token,
      raw,
      headers: { 'Content-Type': type },
    });

    expect(status).toBe(201);
    expect((await app.api(`GET /tasks/task/${body.id}`, { token })).body.args).toEqual(['hello']);
  });

  it.each([
    ['an empty message', ''],
    ['10,000 code points', '🙂'.repeat(10_000)],
    ['reserved characters and emoji', 'a&b=c d+e%🙂'],
  ])('accepts %s', async (_, message) => {
    const { token } = aCaller();

    const { status, body } = await app.post(message, { token });

    expect(status).toBe(201);
    expect((await app.api(`GET /tasks/task/${body.id}`, { token })).body.args).toEqual([message]);
  });

  it('returns 422 without a message', async () => {
    const response = await app.api('POST /tasks/task', { headers: { 'X-Forwarded-For': anAddress() } });

    expect(response.status).toBe(422);
    expect(badFields(response)).toEqual(['query.message missing']);
  });

  it.each([
    ['10,001 code points', taskPath('m'.repeat(10_001)), 'string_too_long'],
    ['a NUL', taskPath('a\0b'), 'value_error'],
    ['two messages', '/tasks/task?message=a&message=b', 'string_type'],
  ] as const)('returns 422 for %s, without counting the request', async (_, path, code) => {
    const { id, token } = aCaller();
    app.users.setRule(id, 'api_v1_tasks_task', { limit: 1, period: 60 });

    const refused = await app.api(`POST ${path}`, { token });
    const accepted = await app.post('hello', { token });

    expect(refused.status).toBe(422);
    expect(badFields(refused)).toEqual([`query.message ${code}`]);
    expect(accepted.status).toBe(201);
  });

  it('returns 503 and stores nothing while the table is locked', async () => {
    const { token } = aCaller();
    const message = randomUUID();
    await app.database.query('BEGIN');
    await app.database.query('LOCK TABLE jobs.tasks IN SHARE MODE');

    const refused = await app.post(message, { token });
    await app.database.query('ROLLBACK');

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await storedTasks(message)).toEqual([]);
    expect(await app.post(message, { token })).toMatchObject({ status: 201 });
  });
});

describe('GET /tasks/task/{id}', () => {
  it('returns all fields of a queued task', async () => {
    const caller = aCaller();
    const id = await app.aTask(caller);

    const { status, body, headers } = await app.api(`GET /tasks/task/${id}`, { token: caller.token });

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      id,
      status: 'queued',
      function: 'sample_background_task',
      args: ['hello'],
      kwargs: {},
      job_try: null,
      progress: 0,
      enqueue_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      score: expect.any(Number),
      start_time: null,
      finish_time: null,
      success: null,
      result: null,
      error: null,
      queue_name: 'tasks',
    });
    expect(body.score).toBe(Date.parse(body.enqueue_time));
  });

  it.each([
    ['active', { score: null, success: null, finish_time: null }],
    ['completed', { score: null, success: true, result: 'Task hello is complete!' }],
    ['failed', { score: null, success: false, error: 'It broke' }],
  ])('returns the fields of a task that is %s', async (status, fields) => {
    const caller = aCaller();
    const id = await app.aTask(caller);
    await app.database.query(
      `UPDATE jobs.tasks SET status = $2, attempts = 2, started_at = now(), result = $3, error = $4,
              finished_at = CASE WHEN $2 = 'active' THEN NULL ELSE now() END WHERE id = $1`,
      [
        id,
        status,
        (fields as { result?: string }).result ?? null,
        (fields as { error?: string }).error ?? null,
      ],
    );

    const { body } = await app.api(`GET /tasks/task/${id}`, { token: caller.token });

    expect(body).toMatchObject({ status, job_try: 2, start_time: expect.any(String), ...fields });
    expect(body.finish_time === null).toBe(status === 'active');
  });

  it('returns a task to its creator and superusers only', async () => {
    const creator = aCaller();
    const id = await app.aTask(creator);
    const read = (token?: string) => app.api(`GET /tasks/task/${id}`, { token });

    expect(await read(creator.token)).toMatchObject({ status: 200 });
    expect(await read(aCaller({ isSuperuser: true }).token)).toMatchObject({ status: 200 });
    expect(await read(aCaller().token)).toMatchObject(problem(404, 'Task not found'));
    expect(await read()).toMatchObject(problem(404, 'Task not found'));
  });

  it('returns a task that was created without a token to anyone', async () => {
    const id = await app.aTask();

    expect(await app.api(`GET /tasks/task/${id}`)).toMatchObject({ status: 200 });
    expect(await app.api(`GET /tasks/task/${id}`, { token: aCaller().token })).toMatchObject({ status: 200 });
  });

  it.each([UNKNOWN, 'not-a-uuid', '7'])('returns 404 for %s', async (id) => {
    expect(await app.api(`GET /tasks/task/${id}`)).toMatchObject(problem(404, 'Task not found'));
  });
});

describe('GET /tasks', () => {
  it('returns own tasks, newest first', async () => {
    const caller = aCaller();
    const oldest = await app.aTask(caller);
    const middle = await app.aTask(caller);
    const newest = await app.aTask(caller);
    await app.aTask(aCaller());
    await app.aTask();

    const all = await app.api('GET /tasks', { token: caller.token });
    const second = await app.api('GET /tasks?page=2&items_per_page=2', { token: caller.token });

    expect(all.status).toBe(200);
    expect(all.headers.get('cache-control')).toBe('no-store');
    expect(all.body).toMatchObject({ total_count: 3, has_more: false, page: 1, items_per_page: 10 });
    expect(all.body.data.map(({ id }: { id: string }) => id)).toEqual([newest, middle, oldest]);
    expect(second.body).toMatchObject({ data: [{ id: oldest }], total_count: 3, has_more: false, page: 2 });
  });

  it('pages through all tasks by cursor', async () => {
    const caller = aCaller();
    const ids = [await app.aTask(caller), await app.aTask(caller), await app.aTask(caller)];

    const first = await app.api('GET /tasks?cursor=&items_per_page=2', { token: caller.token });
    const second = await app.api(`GET /tasks?cursor=${first.body.next_cursor}&items_per_page=2`, {
      token: caller.token,
    });

    expect(first.body).toEqual({
      data: [expect.objectContaining({ id: ids[2] }), expect.objectContaining({ id: ids[1] })],
      next_cursor: expect.any(String),
      has_more: true,
    });
    expect(second.body).toEqual({
      data: [expect.objectContaining({ id: ids[0] })],
      next_cursor: null,
      has_more: false,
    });
  });

  it.each(['cursor=nonsense', 'cursor=&page=1'])('returns 422 for ?%s', async (query) => {
    const response = await app.api(`GET /tasks?${query}`, { token: aCaller().token });

    expect(response.status).toBe(422);
    expect(badFields(response)).toEqual(['query.cursor value_error']);
  });

  it('returns 401 without a valid token', async () => {
    const { id } = aCaller();
    const expired = testToken({ id }, { claims: { exp: Math.floor(Date.now() / 1000) - 1 } });

    expect(await app.api('GET /tasks')).toMatchObject(problem(401, 'Not authenticated'));
    expect(await app.api('GET /tasks', { token: expired })).toMatchObject(
      problem(401, 'User not authenticated.'),
    );
  });

  it('returns no task of a hard-deleted user', async () => {
    const deleted = aCaller();
    const bystander = aCaller();
    const id = await app.aTask(deleted);
    const kept = await app.aTask(bystander);

    await app.hardDeleteUser(deleted.id);

    expect((await app.api('GET /tasks', { token: deleted.token })).body.data).toEqual([]);
    expect(await app.database.query('SELECT id FROM jobs.tasks WHERE id = ANY ($1)', [[id, kept]])).toEqual([
      { id: kept },
    ]);
  });
});

describe('DELETE /tasks/task/{id}', () => {
  it('cancels a queued task', async () => {
    const { id: userId, token } = aCaller();
    const id = await app.aTask({ id: userId, token });
    const finished: unknown[] = [];
    app.nest.get(ReplicaBus).listen<{ data: unknown }>('event.task.finished', {
      onMessage: ({ data }) => void finished.push(data),
    });

    const response = await app.api(`DELETE /tasks/task/${id}`, { token });

    expect(response).toMatchObject({ status: 200, body: { message: 'Task cancelled' } });
    expect((await app.api(`GET /tasks/task/${id}`, { token })).body).toMatchObject({
      status: 'cancelled',
      score: null,
      success: false,
      finish_time: expect.any(String),
    });
    expect(finished).toEqual([{ id, createdByUserId: userId, status: 'cancelled' }]);
  });

  it.each(['active', 'completed', 'failed', 'cancelled'])(
    'returns 409 for a task that is %s',
    async (status) => {
      const caller = aCaller();
      const id = await app.aTask(caller);
      await app.database.query('UPDATE jobs.tasks SET status = $2 WHERE id = $1', [id, status]);

      const response = await app.api(`DELETE /tasks/task/${id}`, { token: caller.token });

      expect(response).toMatchObject(problem(409, 'Task already started'));
      expect(await app.database.query('SELECT status FROM jobs.tasks WHERE id = $1', [id])).toEqual([
        { status },
      ]);
    },
  );

  it('returns 404 for the task of another user, which stays queued', async () => {
    const creator = aCaller();
    const id = await app.aTask(creator);

    expect(await app.api(`DELETE /tasks/task/${id}`, { token: aCaller().token })).toMatchObject(
      problem(404, 'Task not found'),
    );
    expect(await app.api(`DELETE /tasks/task/${id}`)).toMatchObject(problem(404, 'Task not found'));
    expect((await app.api(`GET /tasks/task/${id}`, { token: creator.token })).body.status).toBe('queued');
  });

  it('cancels any task for superusers, and a task without a creator for anyone', async () => {
    const own = await app.aTask(aCaller());
    const anonymous = await app.aTask();

    expect(
      await app.api(`DELETE /tasks/task/${own}`, { token: aCaller({ isSuperuser: true }).token }),
    ).toMatchObject({ status: 200 });
    expect(await app.api(`DELETE /tasks/task/${anonymous}`)).toMatchObject({ status: 200 });
  });

  it.each([UNKNOWN, 'not-a-uuid'])('returns 404 for %s', async (id) => {
    expect(await app.api(`DELETE /tasks/task/${id}`)).toMatchObject(problem(404, 'Task not found'));
  });
});
