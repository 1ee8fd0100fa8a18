import assert from 'node:assert/strict';
import type { Container } from '../../../../infra/deploy/compose.ts';
import { poll } from '../../../../tools/lib/poll.ts';
import { seconds } from '../../../../tools/lib/progress.ts';
import { api } from '../../../support/api.ts';
import { createTask } from '../../../support/tasks.ts';
import { createUser } from '../../../support/users.ts';
import type { Stack } from '../stack.ts';
import { type Sample, underLoad } from './load.ts';

const SERVICES = ['postgres', 'nats', 'redis-cache', 'redis-limits', 'redis-queue', 'nginx'];
const WITHOUT_FAILURE_MS = 5_000;
const TIMEOUT_MS = 60_000;
/** All but the creation of tasks: a new task would wait for hundreds of others. */
const REQUESTS = /^(?!POST .*task)/;

/**
 * Kills the process in each container under load: it is started again, every kind of request succeeds again, and a task
 * completes.
 */
export async function healing(stack: Stack): Promise<void> {
  for (const service of SERVICES) {
    await underLoad(stack, (samples) => recovers(stack, service, samples), REQUESTS);
    assert.equal((await api('GET /ready')).status, 200);
    await taskCompletes(service);
  }
}

async function recovers(stack: Stack, service: string, samples: Sample[]): Promise<void> {
  const since = Date.now();
  await kill(stack, service);
  const restarted = Date.now();
  const lastFailure = () => Math.max(since, ...samples.filter(({ failure }) => failure).map(({ to }) => to));
  await poll(() => Date.now() - Math.max(restarted, lastFailure()) > WITHOUT_FAILURE_MS, {
    message: `Requests still fail after a end of ${service}.`,
    timeoutMs: TIMEOUT_MS,
  });
  const [restart, recovery] = [restarted, lastFailure()].map((at) => seconds(at - since));
  console.log(`${service}: restarted in ${restart}, the last request failed after ${recovery}`);
}

/** Ends all processes of the container, and waits until it has been started again. */
async function kill(stack: Stack, service: string): Promise<void> {
  const [before] = await stack.containers(service);
  await stack.signal(before!.id, 'SIGKILL');
  const isRestarted = async () => {
    const [{ restarts, health }] = (await stack.containers(service)) as [Container];
    return restarts > before!.restarts && health === 'healthy';
  };
  await poll(isRestarted, { message: `${service} was not started again.`, timeoutMs: TIMEOUT_MS });
}

async function taskCompletes(service: string): Promise<void> {
  const { token } = await createUser();
  const id = await createTask(token);
  const result = async () => (await api(`GET /tasks/task/${id}`, { token })).body.result;
  const message = `A new task does not complete after a end of ${service}.`;
  assert.equal(await poll(result, { message, timeoutMs: TIMEOUT_MS }), 'Task hello is complete!');
}
