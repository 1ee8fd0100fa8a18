import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { api } from '../../support/gateway.js';
import { join } from '../../support/people.js';
import { expectReady, processOf, RECOVERY_LIMIT_MS } from '../../support/processes.js';
import { makeTask } from '../../support/tasks.js';

describe('a worker that dies', () => {
  it('costs no task', async () => {
    const { token } = await join();
    process.kill(processOf('worker'), 'SIGKILL');
    const id = await makeTask(token);
    const task = await eventually(
      async () => (await api(`GET /tasks/task/${id}`, { token })).body,
      ({ status }) => status === 'completed',
      { timeoutMs: RECOVERY_LIMIT_MS },
    );

    expect(task.status).toBe('completed');
    await expectReady();
  });
});
