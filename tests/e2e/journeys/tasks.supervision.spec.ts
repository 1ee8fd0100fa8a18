import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { api } from '../../support/api.ts';
import { createUser } from '../../support/users.ts';
import { expectReady, processOf, RECOVERY_LIMIT_MS } from '../support/processes.ts';
import { createTask } from '../../support/tasks.ts';

describe('a worker that is killed', () => {
  it('is restarted and loses no task', async () => {
    const { token } = await createUser();
    process.kill(processOf('worker'), 'SIGKILL');
    const id = await createTask(token);
    const task = await eventually(
      async () => (await api(`GET /tasks/task/${id}`, { token })).body,
      ({ status }) => status === 'completed',
      { timeoutMs: RECOVERY_LIMIT_MS },
    );

    expect(task.status).toBe('completed');
    await expectReady();
  });
});
