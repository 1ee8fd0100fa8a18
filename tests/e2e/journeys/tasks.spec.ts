import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@repo/api-client';
import { api } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';
import { createTask, createWaitingTasks } from '../../support/tasks.ts';
import { adminToken, createUser } from '../../support/users.ts';
import { createClient, dataOf } from '../support/client.ts';
import { expectMessage, expectProblem } from '../support/expectations.ts';

type Task = Schemas['TaskRead'];

const isOver = ({ status }: Task) => ['completed', 'failed', 'cancelled'].includes(status);
const taskOf = async (id: string, token?: string): Promise<Task> =>
  (await api(`GET /tasks/task/${id}`, { token })).body;
const tasksOf = async (token: string): Promise<Task[]> =>
  (await api('GET /tasks?items_per_page=100', { token })).body.data;

describe('a task', () => {
  it('runs after it was accepted, and has its progress and its result', async () => {
    const client = (await createClient()).api;
    const query = { message: 'Grüße' };
    const { id } = dataOf(await client.POST('/api/v1/tasks/task', { params: { query } }));
    const params = { path: { id } };
    const read = async () => dataOf(await client.GET('/api/v1/tasks/task/{id}', { params }));
    const accepted = await read();
    const running = await eventually(read, ({ status }) => status !== 'queued');
    const halfway = await eventually(read, ({ progress }) => progress > 0);
    const over = await eventually(read, isOver, { timeoutMs: 20_000 });

    expect(accepted).toMatchObject({ id, args: ['Grüße'], progress: 0, success: null, result: null });
    expect(running).toMatchObject({ status: 'active', job_try: 1, finish_time: null, success: null });
    expect(halfway).toMatchObject({ status: 'active', success: null });
    expect(halfway.progress % 20).toBe(0);
    expect(over).toMatchObject({
      ...{ id, status: 'completed', progress: 100 },
      ...{ success: true, result: 'Task Grüße is complete!', error: null },
    });
    expect(Date.parse(over.finish_time!) - Date.parse(over.start_time!)).toBeGreaterThanOrEqual(4_900);
    expect((await client.DELETE('/api/v1/tasks/task/{id}', { params })).error).toMatchObject({
      status: 409,
      detail: 'Task already started',
    });
  });

  it('can be read by every client that knows its id when it was created without a token', async () => {
    const id = await createTask();
    const { token } = await createUser();

    expect(await taskOf(id)).toMatchObject({ id, args: ['hello'] });
    expect(await taskOf(id, token)).toMatchObject({ id });
    expect(await tasksOf(token)).toEqual([]);
  });

  it('of a user can be read by its creator and by superusers only', async () => {
    const [{ token }, other] = [await createUser(), await createUser()];
    const id = await createTask(token);

    expect(await taskOf(id, await adminToken())).toMatchObject({ id });
    for (const caller of [other.token, undefined]) {
      expectProblem(await api(`GET /tasks/task/${id}`, { token: caller }), 404, 'Task not found');
      expectProblem(await api(`DELETE /tasks/task/${id}`, { token: caller }), 404, 'Task not found');
    }
  });

  it('never runs when it was cancelled while it was waiting', async () => {
    const { token, waiting, between } = await createWaitingTasks(await adminToken());
    const before = await Promise.all(waiting.map((id) => taskOf(id, token)));

    const cancel = (ids: string[]) =>
      Promise.all(ids.map((id) => api(`DELETE /tasks/task/${id}`, { token })));
    for (const response of await cancel(waiting)) expectMessage(response, 'Task cancelled');
    for (const response of await cancel(waiting)) expectProblem(response, 409, 'Task already started');
    await cancel(between);

    const all = await eventually(
      () => tasksOf(token),
      (tasks) => tasks.every(isOver),
      { timeoutMs: 20_000 },
    );
    const cancelled = all.filter(({ id }) => waiting.includes(id));
    expect(before).toEqual(expect.arrayOf(expect.objectContaining({ job_try: null, start_time: null })));
    expect(before.every(({ score, enqueue_time }) => score === Date.parse(enqueue_time))).toBe(true);
    expect(waiting.length).toBeGreaterThan(0);
    expect(cancelled).toEqual(
      waiting.map(() => expect.objectContaining({ status: 'cancelled', start_time: null, success: false })),
    );
    expect(all.filter(({ status }) => status === 'completed').length).toBeGreaterThanOrEqual(10);
  });

  it('is listed with the other tasks of its creator, newest first', async () => {
    const { token } = await createUser();
    const ids = [await createTask(token), await createTask(token), await createTask(token)].reverse();
    const list = (query: string) => api(`GET /tasks?${query}`, { token });
    const first = await list('items_per_page=2');
    const second = await list('items_per_page=2&page=2');
    const byCursor = await list('items_per_page=2&cursor=');
    const rest = await list(`items_per_page=2&cursor=${byCursor.body.next_cursor}`);

    expect((await tasksOf(token)).map(({ id }) => id)).toEqual(ids);
    expect([first, second, byCursor, rest].map(({ body }) => body.data.map(({ id }: Task) => id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2),
      ids.slice(0, 2),
      ids.slice(2),
    ]);
    expect([first.body.has_more, second.body.has_more, rest.body.next_cursor]).toEqual([true, false, null]);
  });
});
