// @ts-check
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from './stack.ts';

const SERVERS = ['postgres', 'nats', 'redis-cache', 'redis-limits', 'redis-queue'];
const EVERY_MS = 200;
const CALM_MS = 5_000;
const LIMIT_MS = 60_000;

/**
 * Each server is restarted while clients go on; nobody helps, and everything works again.
 *
 * @param {import('./stack.ts').Stack} stack
 */
export async function healing(stack) {
  for (const server of SERVERS) {
    const { client } = stack;
    const who = await client.join();
    const probes = probesOf(client, who);
    /** @type {Map<string, number>} */
    const lastFailure = new Map();
    const since = Date.now();
    const ended = new AbortController();
    const looping = Object.entries(probes).map(async ([name, probe]) => {
      while (!ended.signal.aborted) {
        await probe().catch(() => lastFailure.set(name, Date.now()));
        await delay(EVERY_MS);
      }
    });
    await stack.compose('restart', server);
    const restarted = Date.now();
    await eventually(
      `healing after a restart of ${server}`,
      async () => Date.now() - Math.max(restarted, ...lastFailure.values()) > CALM_MS,
      LIMIT_MS,
    );
    ended.abort();
    await Promise.all(looping);
    await taskCompletes(client, who.token);
    const after = (/** @type {number} */ at) => `${(Math.max(0, at - since) / 1000).toFixed(1)} s`;
    const disturbed = [...lastFailure].map(([name, at]) => `${name} ${after(at)}`).join(', ');
    const healed = Math.max(since, ...lastFailure.values());
    console.log(
      `${server}: restarted in ${after(restarted)}, everything works again after ${after(healed)} ` +
        `(last failure: ${disturbed || 'none'})`,
    );
  }
}

/**
 * @param {import('./client.ts').Client} client
 * @param {{ username: string, password: string, token: string }} who
 * @returns {Record<string, () => Promise<unknown>>}
 */
function probesOf(client, { username, password, token }) {
  let n = 0;
  return {
    read: () => client.get(`GET /api/v1/${username}/posts?page=${(n += 1)}`),
    write: () =>
      client.get(`POST /api/v1/${username}/post`, {
        token,
        body: { title: `post ${(n += 1)}`, text: 'Text.' },
      }),
    login: () => client.get('POST /api/v1/login', { form: { username, password } }),
    tasks: () => client.get('GET /api/v1/tasks', { token }),
    ready: () => client.get('GET /api/v1/ready'),
  };
}

/** @param {import('./client.ts').Client} client @param {string} token */
async function taskCompletes(client, token) {
  const { id } = await client.get('POST /api/v1/tasks/task?message=healed', { token });
  const task = await eventually(
    'a new task',
    async () => {
      const info = await client.get(`GET /api/v1/tasks/task/${id}`, { token });
      return info.finish_time && info;
    },
    120_000,
  );
  assert.equal(task.result, 'Task healed is complete!');
}
