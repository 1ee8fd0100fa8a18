// @ts-check
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { explain, gatewayLog } from './gateway-log.mjs';
import { Load } from './load.mjs';

const LOOKED_AT_MS = 12_000;
const POSTS_PORT_HEX = '0BBB'; // 3003
const ESTABLISHED = '01';
const TIME_WAIT = '06';

/**
 * Three replicas share the load over connections that stay; then one of two is killed, and what it had in hand is
 * all that is lost.
 *
 * @param {import('./stack.mjs').Stack} stack @param {{ requests: number }} options
 */
export async function replicas(stack, { requests }) {
  await scale(stack, 3);
  const load = await Load.prepare(stack.gateway, stack.query);
  load.start();
  await delay(LOOKED_AT_MS);
  await shared(stack, 3);
  await keptOpen(stack);
  await scale(stack, 2);
  await delay(3_000);
  const death = await kill(stack);
  while (load.sent < requests || Date.now() < death.from + LOOKED_AT_MS) await delay(100);
  await load.stop();
  console.log(load.report());
  await judge(stack, load, death);
  assert.deepEqual(await load.wrongWrites(), []);
  load.close();
  await scale(stack, 1);
}

/** @param {import('./stack.mjs').Stack} stack @param {number} count */
async function scale(stack, count) {
  const counts = ['--scale', `posts=${count}`, '--scale', `worker=${count}`];
  await stack.up('--no-deps', '--no-recreate', ...counts, 'posts', 'worker');
}

/** @param {import('./stack.mjs').Stack} stack @param {number} count */
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

/** @param {import('./stack.mjs').Stack} stack */
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

/** @param {import('./stack.mjs').Stack} stack */
async function kill(stack) {
  const [victim] = await stack.containers('posts');
  assert.ok(victim);
  const address = await addressOf(stack, victim.id);
  const from = Date.now();
  await stack.docker('kill', '--signal', 'SIGKILL', victim.id);
  return { address, from, to: Date.now() };
}

/** @param {import('./stack.mjs').Stack} stack @param {Load} load @param {{ address: string, from: number, to: number }} death */
async function judge(stack, load, { address, from: killedAt, to: deadAt }) {
  const log = await gatewayLog(stack, killedAt - 10_000, killedAt + 10_000);
  const sentThere = new Set(
    log.filter(({ upstream }) => upstream.includes(address)).map((line) => line.request_id),
  );
  const inHand = load.samples.filter(
    ({ id, from, to }) => sentThere.has(id) && from <= deadAt && to >= killedAt,
  );
  const { failed } = load;
  const until = Math.max(0, ...failed.map(({ to }) => to - killedAt));
  const slowest = Math.max(
    ...load.samples
      .filter(({ from, to }) => to > killedAt && from < killedAt + 5_000)
      .map(({ from, to }) => to - from),
  );
  console.log(
    `killed one of two: ${failed.length} failed of ${inHand.length} it had in hand, ` +
      `the last ${(until / 1000).toFixed(1)} s after the kill; slowest answer since ${slowest} ms`,
  );
  await explain(stack, failed);
  assert.ok(failed.every(({ id }) => inHand.some((sample) => sample.id === id)));
}

/** @param {import('./stack.mjs').Stack} stack @param {string} id */
async function addressOf(stack, id) {
  const template = `{{(index .NetworkSettings.Networks "${stack.project}_edge").IPAddress}}`;
  return `${await stack.docker('inspect', '--format', template, id)}:`;
}
