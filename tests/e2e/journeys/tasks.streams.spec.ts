import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@repo/api-client';
import { api, gatewayUrl } from '../../support/api.ts';
import { createTask } from '../../support/tasks.ts';
import { createUser } from '../../support/users.ts';
import { watchTask } from '../../system/front-ends/task-stream.ts';

type Task = Schemas['TaskRead'];

describe('the stream of a task', () => {
  it('shows its progress through the gateway, and ends with the task', async () => {
    const { token } = await createUser();
    const id = await createTask(token);

    const url = `${gatewayUrl()}/api/v1/tasks/task/${id}`;
    const tasks: Task[] = [];
    for await (const task of watchTask<Task>(url, () => token)) tasks.push(task);

    const progress = tasks.map((task) => task.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(new Set(progress).size).toBeGreaterThan(3);
    expect(tasks.at(-1)).toEqual((await api(`GET /tasks/task/${id}`, { token })).body);
    expect(tasks.at(-1)).toMatchObject({ status: 'completed', progress: 100 });
  });
});
