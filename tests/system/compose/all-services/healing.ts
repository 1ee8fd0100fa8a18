import assert from 'node:assert/strict';
import { poll } from '../../../../tools/lib/poll.ts';
import { seconds } from '../../../../tools/lib/progress.ts';
import { api } from '../../../support/api.ts';
import { createTask } from '../../../support/tasks.ts';
import { createUser } from '../../../support/users.ts';
import type { Stack } from '../stack.ts';
import { type Sample, underLoad } from './load.ts';

const SERVERS = ['postgres', 'nats', 'redis-cache', 'redis-limits', 'redis-queue'];
const WITHOUT_FAILURE_MS = 5_000;
const TIMEOUT_MS = 60_000;
/** All but the creation of tasks: a new task would wait for hundreds of others. */
const REQUESTS = /^(?!POST .*task)/;

/** Restarts each server under its clients: afterwards every kind of request succeeds again, and a task completes. */
export async function healing(stack: Stack): Promise<void> {
  for (const server of SERVERS) {
    await underLoad(stack, (samples) => recovers(stack, server, samples), REQUESTS);
    assert.equal((await api('GET /ready')).status, 200);
    await taskCompletes(server);
  }
}

async function recovers(stack: Stack, server: string, samples: Sample[]): Promise<void> {
  const since = Date.now();
  await stack.compose('restart', server);
  const restarted = Date.now();
  const lastFailure = () => Math.max(since, ...samples.filter(({ failure }) => failure).map(({ to }) => to));
  await poll(() => Date.now() - Math.max(restarted, lastFailure()) > WITHOUT_FAILURE_MS, {
    message: `Requests still fail after a restart of ${server}.`,
    timeoutMs: TIMEOUT_MS,
  });
  const [restart, recovery] = [restarted, lastFailure()].map((at) => seconds(at - since));
  console.log(`${server}: restarted in ${restart}, the last request failed after ${recovery}`);
}

async function taskCompletes(server: string): Promise<void> {
  const { token } = await createUser();
  const id = await createTask(token);
  const result = async () => (await api(`GET /tasks/task/${id}`, { token })).body.result;
  const message = `A new task does not complete after a restart of ${server}.`;
  assert.equal(await poll(result, { message, timeoutMs: TIMEOUT_MS }), 'Task hello is complete!');
}
