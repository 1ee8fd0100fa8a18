// @ts-check
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { explain, gatewayLog } from './gateway-log.ts';
import { Load } from './load.ts';
import { eventually } from './stack.ts';

const LOOKED_AT_MS = 12_000;
const CALM_MS = 3_000;
/** Three health checks without an answer, infra/docker/health.ts. */
const END_LIMIT_MS = 60_000;
const TASKS_OF_A_WORKER = 10; // WORKER_CONCURRENCY
const POSTS_PORT_HEX = '0BBB'; // 3003
const ESTABLISHED = '01';
const TIME_WAIT = '06';

/** @type {Record<string, (stack: import('./stack.ts').Stack, id: string) => Promise<unknown>>} */
const STRIKES = {
  killed: (stack, id) => stack.docker('kill', '--signal', 'SIGKILL', id),
  // Everything in it but its init and this command.
  frozen: (stack, id) => stack.docker('exec', id, 'node', '--eval', "process.kill(-1, 'SIGSTOP')"),
};

/**
 * Three replicas share the load over connections that stay. Then one of two is killed, and one of two freezes: what
 * these had in hand is all that is lost.
 *
 * @param {import('./stack.ts').Stack} stack @param {{ requests: number }} options
 */
export async function replicas(stack, { requests }) {
  await scale(stack, 3);
  const load = await Load.prepare(stack.gateway, stack.query, /posts?$/);
  load.start();
  await delay(LOOKED_AT_MS);
  await shared(stack, 3);
  await keptOpen(stack);
  await worksSideBySide(stack, 3);
  const blows = [];
  for (const [what, strike] of Object.entries(STRIKES)) {
    await scale(stack, 2);
    await delay(CALM_MS);
    blows.push(await blow(stack, what, strike));
  }
  while (load.sent < requests) await delay(100);
  await load.stop();
  console.log(load.report());
  await judge(stack, load, blows);
  assert.deepEqual(await load.wrongWrites(), []);
  await load.close();
  await scale(stack, 1);
}

/** @param {import('./stack.ts').Stack} stack @param {number} count */
async function scale(stack, count) {
  const counts = ['--scale', `posts=${count}`, '--scale', `worker=${count}`];
  await stack.up('--no-deps', '--no-recreate', ...counts, 'posts', 'worker');
}

/** @param {import('./stack.ts').Stack} stack @param {number} count */
async function shared(stack, count) {
  const addresses = await Promise.all(
    (await stack.containers('posts')).map(({ id }) => addressOf(stack, id)),
  );
  assert.equal(addresses.length, count);
  const log = await gatewayLog(stack, Date.now() - LOOKED_AT_MS);
  const counts = addresses.map((address) => log.filter(({ upstream }) => upstream.includes(address)).length);
  console.log(`posts=${count}: requests answered by each: ${counts.join(', ')}`);
  const fair = counts.reduce((sum, each) => sum + each, 0) / count;
  for (const each of counts) assert.ok(each > fair / 2, 'a replica gets far less than its share');
}

/** @param {import('./stack.ts').Stack} stack */
async function keptOpen(stack) {
  const table = await stack.compose('exec', '-T', 'nginx', 'cat', '/proc/net/tcp');
  const states = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote = '']) => remote.endsWith(`:${POSTS_PORT_HEX}`))
    .map(([, , , state]) => state);
  const open = states.filter((state) => state === ESTABLISHED).length;
  const used = states.filter((state) => state === TIME_WAIT).length;
  console.log(`connections of the gateway to posts: ${open} open, ${used} closed lately`);
  assert.ok(open > 0);
}

/** Workers share the tasks: more run at a time than all but one could take. @param {import('./stack.ts').Stack} stack @param {number} count */
async function worksSideBySide({ client }, count) {
  const { token } = await client.joinUnlimited();
  for (let n = 0; n < count * TASKS_OF_A_WORKER; n += 1)
    await client.get(`POST /api/v1/tasks/task?message=${n}`, { token });
  const tasks = await eventually(
    'the end of all tasks',
    async () => {
      const all = await client.all('/api/v1/tasks', token);
      return all.every(({ finish_time }) => finish_time) && all;
    },
    60_000,
  );
  const atOnce = Math.max(
    ...tasks.map(
      ({ start_time: at }) => tasks.filter((task) => task.start_time <= at && task.finish_time > at).length,
    ),
  );
  console.log(`worker=${count}: ${atOnce} tasks side by side`);
  assert.ok(atOnce > (count - 1) * TASKS_OF_A_WORKER, 'a worker takes no tasks');
}

/** @typedef {{ what: string, address: string, from: number, to: number }} Blow */

/**
 * @param {import('./stack.ts').Stack} stack
 * @param {string} what
 * @param {(stack: import('./stack.ts').Stack, id: string) => Promise<unknown>} strike
 * @returns {Promise<Blow>}
 */
async function blow(stack, what, strike) {
  const [victim] = await stack.containers('posts');
  assert.ok(victim);
  const address = await addressOf(stack, victim.id);
  const from = Date.now();
  await strike(stack, victim.id);
  const ended = async () => (await stack.inspect([victim.id]))[0]?.state === 'exited';
  await eventually(`the end of a replica that was ${what}`, ended, END_LIMIT_MS);
  const to = Date.now();
  await delay(CALM_MS);
  return { what, address, from, to };
}

/**
 * Whatever failed was in the hands of the one that was struck.
 *
 * @param {import('./stack.ts').Stack} stack @param {Load} load @param {Blow[]} blows
 */
async function judge(stack, load, blows) {
  const excused = new Set();
  for (const { what, address, from, to } of blows) {
    const log = await gatewayLog(stack, from - 10_000, to + 10_000);
    const sentThere = new Set(
      log.filter(({ upstream }) => upstream.includes(address)).map((line) => line.request_id),
    );
    const meanwhile = load.samples.filter((sample) => sample.from <= to + CALM_MS && sample.to >= from);
    const inHand = meanwhile.filter((sample) => sample.from <= to && sentThere.has(sample.id));
    for (const { id } of inHand) excused.add(id);
    const failed = inHand.filter(({ failure }) => failure);
    const last = Math.max(from, ...failed.map((sample) => sample.to)) - from;
    const slowest = Math.max(...meanwhile.map((sample) => sample.to - sample.from));
    console.log(
      `one of two was ${what}, and ended after ${((to - from) / 1000).toFixed(1)} s: of ${meanwhile.length} requests ` +
        `${failed.length} failed of ${inHand.length} it had in hand, the last after ${(last / 1000).toFixed(1)} s; ` +
        `slowest answer ${slowest} ms`,
    );
  }
  await explain(stack, load.failed);
  assert.deepEqual(
    load.failed.filter(({ id }) => !excused.has(id)),
    [],
    'requests failed that the others had in hand',
  );
}

/** @param {import('./stack.ts').Stack} stack @param {string} id */
async function addressOf(stack, id) {
  const template = `{{(index .NetworkSettings.Networks "${stack.project}_edge").IPAddress}}`;
  return `${await stack.docker('inspect', '--format', template, id)}:`;
}
