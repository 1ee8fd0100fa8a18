import assert from 'node:assert/strict';
import { poll } from '../../../../tools/lib/poll.ts';
import { BackgroundLoad } from '../../../resilience/support/background-load.ts';
import { createTask } from '../../../support/tasks.ts';
import { createUser, type User } from '../../../support/users.ts';
import { request } from './api.ts';
import type { Stack } from '../stack.ts';

const SERVERS = ['postgres', 'nats', 'redis-cache', 'redis-limits', 'redis-queue'];
const PAUSE_MS = 200;
const WITHOUT_FAILURE_MS = 5_000;
const TIMEOUT_MS = 60_000;
const TASK_TIMEOUT_MS = 120_000;

/** Restarts each server under its clients: afterwards every kind of request succeeds again. */
export async function healing(stack: Stack): Promise<void> {
  for (const server of SERVERS) {
    const user = await createUser();
    const lastFailures = new Map<string, number>();
    const load = new BackgroundLoad();
    for (const [name, probe] of Object.entries(probesOf(user)))
      load.repeat(() => probe().catch(() => lastFailures.set(name, Date.now())), PAUSE_MS);
    const since = Date.now();
    await stack.compose('restart', server);
    const restarted = Date.now();
    await poll(() => Date.now() - Math.max(restarted, ...lastFailures.values()) > WITHOUT_FAILURE_MS, {
      message: `Requests still fail after a restart of ${server}.`,
      timeoutMs: TIMEOUT_MS,
    });
    await load.stop();
    await taskCompletes(user);
    const after = (at: number) => `${((at - since) / 1000).toFixed(1)} s`;
    const failures = [...lastFailures].map(([name, at]) => `${name} until ${after(at)}`);
    console.log(
      `${server}: restarted in ${after(restarted)}, recovered after ${after(Math.max(since, ...lastFailures.values()))} ` +
        `(failures: ${failures.join(', ') || 'none'})`,
    );
  }
}

function probesOf({ username, password, token }: User): Record<string, () => Promise<unknown>> {
  let n = 0;
  const body = () => ({ title: `post ${(n += 1)}`, text: 'Text.' });
  return {
    read: () => request(`GET /${username}/posts?page=${(n += 1)}`),
    write: () => request(`POST /${username}/post`, { token, body: body() }),
    login: () => request('POST /login', { form: { username, password } }),
    tasks: () => request('GET /tasks', { token }),
    ready: () => request('GET /ready'),
  };
}

async function taskCompletes({ token }: User): Promise<void> {
  const id = await createTask(token, 'healed');
  const isFinished = async () => {
    const task = await request(`GET /tasks/task/${id}`, { token });
    return task.finish_time && task;
  };
  const task = await poll(isFinished, {
    message: 'A new task did not complete.',
    timeoutMs: TASK_TIMEOUT_MS,
  });
  assert.equal(task.result, 'Task healed is complete!');
}
