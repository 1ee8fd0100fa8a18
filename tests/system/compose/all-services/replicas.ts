import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Schemas } from '@repo/api-client';
import { poll } from '../../../../tools/lib/poll.ts';
import { createTask } from '../../../support/tasks.ts';
import { createUnlimitedUser, readAll } from './api.ts';
import { gatewayLog, printFailures } from './gateway-log.ts';
import { Load } from './load.ts';
import type { Stack } from '../stack.ts';

const OBSERVED_MS = 12_000;
const SETTLE_MS = 3_000;
/** Three health checks without a response, infra/docker/health.ts. */
const END_TIMEOUT_MS = 60_000;
const WORKER_CONCURRENCY = 10; // default
const TASKS_TIMEOUT_MS = 60_000;
/** Columns of /proc/net/tcp. */
const POSTS_PORT_HEX = '0BBB'; // 3003
const ESTABLISHED = '01';

const FAULTS: Record<string, (stack: Stack, id: string) => Promise<unknown>> = {
  killed: (stack, id) => stack.docker('kill', '--signal', 'SIGKILL', id),
  // Every process of the container but its init and this command.
  frozen: (stack, id) => stack.docker('exec', id, 'node', '--eval', "process.kill(-1, 'SIGSTOP')"),
};

/**
 * Three replicas share the load over connections that are kept open. Then one of two is killed, and one of two freezes:
 * only requests that the gateway had sent to it fail.
 */
export async function replicas(stack: Stack, minRequests: number): Promise<void> {
  await scale(stack, 3);
  const load = await Load.prepare(stack, /posts?$/);
  load.start();
  await delay(OBSERVED_MS);
  await loadIsShared(stack, 3);
  await connectionsAreKept(stack);
  await tasksAreShared(3);
  const outages: Outage[] = [];
  for (const fault of Object.keys(FAULTS)) {
    await scale(stack, 2);
    await delay(SETTLE_MS);
    outages.push(await causeOutage(stack, fault));
  }
  while (load.sent < minRequests) await delay(100);
  await load.stop();
  console.log(load.report());
  await onlySentRequestsFailed(stack, load, outages);
  assert.deepEqual(await load.wrongWrites(), []);
  await load.close();
  await scale(stack, 1);
}

async function scale(stack: Stack, count: number): Promise<void> {
  const counts = ['--scale', `posts=${count}`, '--scale', `worker=${count}`];
  await stack.up('--no-deps', '--no-recreate', ...counts, 'posts', 'worker');
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
  const open = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote = '', state]) => remote.endsWith(`:${POSTS_PORT_HEX}`) && state === ESTABLISHED);
  console.log(`connections of the gateway to posts: ${open.length} open`);
  assert.ok(open.length > 0);
}

/** More tasks run at a time than all workers but one could run. */
async function tasksAreShared(workers: number): Promise<void> {
  const { token } = await createUnlimitedUser();
  for (let n = 0; n < workers * WORKER_CONCURRENCY; n += 1) await createTask(token);
  const finishedTasks = async () => {
    const all = await readAll<Schemas['TaskRead']>('/tasks', token);
    return all.every(({ finish_time }) => finish_time) && all;
  };
  const tasks = await poll(finishedTasks, {
    message: 'The tasks did not complete.',
    timeoutMs: TASKS_TIMEOUT_MS,
  });
  const times = (tasks || []).map(({ start_time, finish_time }) => ({
    from: Date.parse(start_time ?? ''),
    to: Date.parse(finish_time ?? ''),
  }));
  const concurrent = Math.max(
    ...times.map(({ from }) => times.filter((other) => other.from <= from && other.to > from).length),
  );
  console.log(`worker=${workers}: ${concurrent} tasks at a time`);
  assert.ok(concurrent > (workers - 1) * WORKER_CONCURRENCY, 'a worker runs no tasks');
}

interface Outage {
  fault: string;
  /** Of the replica. */
  address: string;
  from: number;
  to: number;
}

async function causeOutage(stack: Stack, fault: string): Promise<Outage> {
  const [victim] = await stack.containers('posts');
  assert.ok(victim);
  const address = await addressOf(stack, victim.id);
  const from = Date.now();
  await FAULTS[fault]?.(stack, victim.id);
  await poll(async () => (await stack.inspect([victim.id]))[0]?.state === 'exited', {
    message: `A replica that was ${fault} did not end.`,
    timeoutMs: END_TIMEOUT_MS,
  });
  const to = Date.now();
  await delay(SETTLE_MS);
  return { fault, address, from, to };
}

async function onlySentRequestsFailed(stack: Stack, load: Load, outages: Outage[]): Promise<void> {
  const sent = new Set<string>();
  for (const { fault, address, from, to } of outages) {
    const log = await gatewayLog(stack, from - 10_000, to + 10_000);
    const sentThere = new Set(
      log.filter(({ upstream }) => upstream.includes(address)).map(({ request_id }) => request_id),
    );
    const during = load.samples.filter((sample) => sample.from <= to + SETTLE_MS && sample.to >= from);
    const affected = during.filter((sample) => sample.from <= to && sentThere.has(sample.id));
    for (const { id } of affected) sent.add(id);
    const failed = affected.filter(({ failure }) => failure);
    const last = Math.max(from, ...failed.map((sample) => sample.to)) - from;
    const slowest = Math.max(...during.map((sample) => sample.to - sample.from));
    console.log(
      `one of two was ${fault} and ended after ${((to - from) / 1000).toFixed(1)} s: ${failed.length} failed of ` +
        `${affected.length} requests that were sent to it, of ${during.length} in all; the last failed after ` +
        `${(last / 1000).toFixed(1)} s; slowest response ${slowest} ms`,
    );
  }
  await printFailures(stack, load.failed);
  assert.deepEqual(
    load.failed.filter(({ id }) => !sent.has(id)),
    [],
    'requests failed that the gateway had sent to other replicas',
  );
}

async function addressOf(stack: Stack, id: string): Promise<string> {
  const template = `{{(index .NetworkSettings.Networks "${stack.project}_edge").IPAddress}}`;
  return `${await stack.docker('inspect', '--format', template, id)}:`;
}
