import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@repo/api-client';
import { dataOf, newClient } from '../../support/client.js';
import { eventually } from '../../support/eventually.js';
import { expectMessage, expectProblem } from '../../support/expectations.js';
import { api } from '../../support/gateway.js';
import { join, superuser } from '../../support/people.js';
import { TASK } from '../../support/shapes.js';
import { makeTask, makeWaitingTasks } from '../../support/tasks.js';

type Task = Schemas['TaskRead'];

const isOver = ({ status }: Task) => ['completed', 'failed', 'cancelled'].includes(status);
const taskOf = async (id: string, token?: string): Promise<Task> =>
  (await api(`GET /tasks/task/${id}`, { token })).body;
const tasksOf = async (token: string): Promise<Task[]> =>
  (await api('GET /tasks?items_per_page=100', { token })).body.data;

describe('a task', () => {
  it('is accepted, runs, and tells its result', async () => {
    const { api } = await newClient();
    const query = { message: 'Grüße' };
    const { id } = dataOf(await api.POST('/api/v1/tasks/task', { params: { query } }));
    const params = { path: { id } };
    const task = async () => dataOf(await api.GET('/api/v1/tasks/task/{id}', { params }));
    const accepted = await task();
    const running = await eventually(task, ({ status }) => status !== 'queued');
    const halfway = await eventually(task, ({ progress }) => progress > 0);
    const over = await eventually(task, isOver, { timeoutMs: 20_000 });

    expect(accepted).toEqual({
      ...TASK,
      id,
      args: ['Grüße'],
      progress: 0,
      success: null,
      result: null,
      error: null,
    });
    expect(running).toMatchObject({
      status: 'active',
      job_try: 1,
      score: null,
      finish_time: null,
      success: null,
    });
    expect(halfway).toMatchObject({ status: 'active', success: null });
    expect(halfway.progress % 20).toBe(0);
    expect(over).toEqual({
      ...TASK,
      id,
      status: 'completed',
      args: ['Grüße'],
      job_try: 1,
      progress: 100,
      score: null,
      success: true,
      result: 'Task Grüße is complete!',
      error: null,
    });
    expect(Date.parse(over.finish_time!) - Date.parse(over.start_time!)).toBeGreaterThanOrEqual(4_900);
    expect((await api.DELETE('/api/v1/tasks/task/{id}', { params })).error).toMatchObject({
      status: 409,
      detail: 'Task already started',
    });
  });

  it('of nobody is for whoever holds its id', async () => {
    const id = await makeTask();
    const { token } = await join();

    expect(await taskOf(id)).toMatchObject({ id, args: ['hello'] });
    expect(await taskOf(id, token)).toMatchObject({ id });
    expect(await tasksOf(token)).toEqual([]);
  });

  it('of a user is for its creator and superusers only', async () => {
    const [{ token }, stranger] = [await join(), await join()];
    const id = await makeTask(token);

    expect(await taskOf(id, await superuser())).toMatchObject({ id });
    for (const caller of [stranger.token, undefined]) {
      expectProblem(await api(`GET /tasks/task/${id}`, { token: caller }), 404, 'Task not found');
      expectProblem(await api(`DELETE /tasks/task/${id}`, { token: caller }), 404, 'Task not found');
    }
  });

  it('that waits can be cancelled, and never runs', async () => {
    const { token, waiting, between } = await makeWaitingTasks(await superuser());
    const before = await Promise.all(waiting.map((id) => taskOf(id, token)));

    const cancel = (ids: string[]) =>
      Promise.all(ids.map((id) => api(`DELETE /tasks/task/${id}`, { token })));
    for (const answer of await cancel(waiting)) expectMessage(answer, 'Task cancelled');
    for (const answer of await cancel(waiting)) expectProblem(answer, 409, 'Task already started');
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

  it('is listed with its creator’s others, the newest first', async () => {
    const { token } = await join();
    const ids = [await makeTask(token), await makeTask(token), await makeTask(token)].reverse();
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
