import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../../../../tools/lib/poll.ts';
import { seconds } from '../../../../tools/lib/progress.ts';
import { api } from '../../../support/api.ts';
import { CONCURRENCY, createTask, createUserWithTasks } from '../../../support/tasks.ts';
import { adminToken } from '../../../support/users.ts';
import { FAULTS, type Stack } from '../stack.ts';
import { gatewayLog, noneFailed } from './gateway-log.ts';
import { type Sample, underLoad } from './load.ts';

const OBSERVED_MS = 12_000;
const SETTLE_MS = 3_000;
/** Three health checks without a response, infra/docker/health.ts. */
const END_TIMEOUT_MS = 60_000;
/** Of the tasks, which take five seconds each. */
const START_TIMEOUT_MS = 30_000;
/** In /proc/net/tcp: the remote port 3003, and the state "established". */
const CONNECTION_TO_POSTS = /:0BBB 01 /;

/**
 * Three replicas share the load over connections that are kept open. Then one of two is killed, and one of two freezes:
 * only requests that the gateway had sent to it fail.
 */
export async function replicas(stack: Stack): Promise<void> {
  await stack.scale(3, 'posts', 'worker');
  const outages: Outage[] = [];
  const samples = await underLoad(
    stack,
    async () => {
      await delay(OBSERVED_MS);
      await loadIsShared(stack, 3);
      await connectionsAreKept(stack);
      await tasksAreShared(3);
      for (const [fault, signal] of Object.entries(FAULTS)) {
        await stack.scale(2, 'posts', 'worker');
        await delay(SETTLE_MS);
        outages.push(await causeOutage(stack, fault, signal));
      }
    },
    /\/posts?$/,
  );
  const affected = new Set<Sample>();
  for (const outage of outages)
    for (const sample of await affectedBy(stack, outage, samples)) affected.add(sample);
  await noneFailed(
    stack,
    samples.filter((sample) => !affected.has(sample)),
  );
  await stack.scale(1, 'posts', 'worker');
}

async function loadIsShared(stack: Stack, count: number): Promise<void> {
  const containers = await stack.containers('posts');
  assert.equal(containers.length, count);
  const addresses = await Promise.all(containers.map(({ id }) => addressOf(stack, id)));
  const log = await gatewayLog(stack, Date.now() - OBSERVED_MS);
  const counts = addresses.map((address) => log.filter(({ upstream }) => upstream.includes(address)).length);
  console.log(`posts=${count}: requests of each replica: ${counts.join(', ')}`);
  const equalShare = counts.reduce((sum, each) => sum + each, 0) / count;
  for (const each of counts) assert.ok(each > equalShare / 2, 'a replica gets less than half of its share');
}

async function connectionsAreKept(stack: Stack): Promise<void> {
  const table = await stack.compose('exec', '-T', 'nginx', 'cat', '/proc/net/tcp');
  assert.match(table, CONNECTION_TO_POSTS);
}

/** More tasks run at a time than all workers but one could run. */
async function tasksAreShared(workers: number): Promise<void> {
  const { token } = await createUserWithTasks(await adminToken(), 100);
  for (let n = 0; n < workers * CONCURRENCY; n += 1) await createTask(token);
  const activeTasks = async () => {
    const { body } = await api('GET /tasks?items_per_page=100', { token });
    return body.data.filter(({ status }: { status: string }) => status === 'active').length;
  };
  await poll(async () => (await activeTasks()) > (workers - 1) * CONCURRENCY, {
    message: 'A worker runs no tasks.',
    timeoutMs: START_TIMEOUT_MS,
  });
}

interface Outage {
  fault: string;
  /** Of the replica. */
  address: string;
  from: number;
  to: number;
}

async function causeOutage(stack: Stack, fault: string, signal: NodeJS.Signals): Promise<Outage> {
  const [victim] = await stack.containers('posts');
  assert.ok(victim);
  const address = await addressOf(stack, victim.id);
  const from = Date.now();
  await stack.signal(victim.id, signal);
  await poll(async () => (await stack.inspect([victim.id]))[0]!.restarts > victim.restarts, {
    message: `A replica that was ${fault} was not started again.`,
    timeoutMs: END_TIMEOUT_MS,
  });
  const to = Date.now();
  await delay(SETTLE_MS);
  return { fault, address, from, to };
}

/** The requests during an outage that the gateway had sent to the replica. */
async function affectedBy(stack: Stack, { fault, address, from, to }: Outage, samples: Sample[]) {
  const log = await gatewayLog(stack, from - 1_000, to + 10_000);
  const sent = new Set(
    log.filter(({ upstream }) => upstream.includes(address)).map((line) => line.request_id),
  );
  const during = samples.filter((sample) => sample.from <= to && sample.to >= from);
  const affected = during.filter(({ id }) => sent.has(id));
  const failed = affected.filter(({ failure }) => failure);
  const last = Math.max(from, ...failed.map((sample) => sample.to));
  console.log(
    `one of two was ${fault} and started again after ${seconds(to - from)}: ${failed.length} of ${affected.length} requests ` +
      `that were sent to it failed, of ${during.length} in all, the last after ${seconds(last - from)}`,
  );
  return affected;
}

async function addressOf(stack: Stack, id: string): Promise<string> {
  const template = `{{(index .NetworkSettings.Networks "${stack.project}_edge").IPAddress}}`;
  return `${await stack.docker('inspect', '--format', template, id)}:`;
}
