// @ts-check
import { join } from 'node:path';
import { compare, rounded } from './support/compare.ts';
import { cpuSeconds } from './support/cpu-time.ts';
import { runLoad } from './support/load.ts';
import { signUp, withStack } from './support/stack.ts';
import { startYardsticks } from './support/yardsticks.ts';

export const about =
  'requests per second, relative to a bare Fastify route: each service by itself, and through NGINX';

const ROUNDS = 3;
const POSTS = 10;

/** @typedef {import('./support/load.ts').Load & { name: string, processes: ({ pid?: number } | undefined)[] }} Subject */

/** @param {{ root: string, dir: string }} place */
export const run = ({ root, dir }) =>
  withStack({ root, dir }, async (stack) => {
    const yardsticks = await startYardsticks(join(dir, 'yardsticks'));
    try {
      const results = await compare(
        (await subjects(stack, yardsticks)).map((subject) => ({
          name: subject.name,
          measure: () => measure(subject),
        })),
        { rounds: ROUNDS, figure: ({ perSecond }) => perSecond },
      );
      return results.map(({ name, figure, ratio, measured }) => ({
        request: name,
        'per second': Math.round(figure),
        'ratio to bare Fastify': rounded(ratio),
        'server CPU, µs': Math.round(measured.cpuMicros),
        'p50 ms': measured.p50,
        'p99 ms': measured.p99,
      }));
    } finally {
      await yardsticks.stop();
    }
  });

/**
 * @param {import('../tools/stack/stack.ts').Stack} stack
 * @param {Awaited<ReturnType<typeof startYardsticks>>} yardsticks
 * @returns {Promise<Subject[]>}
 */
async function subjects({ gatewayUrl, ports, processes }, { fastifyUrl, nginxUrl, fastify, nginx }) {
  const { api, username, token } = await signUp(gatewayUrl, 'reader');
  const bearer = { authorization: `Bearer ${token}` };
  const body = { title: 'A title', text: 'A text' };
  for (let n = 0; n < POSTS; n++) await api(`POST /${username}/post`, { token, body });
  const { body: page } = await api(`GET /${username}/posts`);
  // Another author's posts: what is written invalidates nothing that is read here.
  const writer = await signUp(gatewayUrl, 'writer');

  /** @type {(Pick<Subject, 'method' | 'headers' | 'body'> & { app: string, path: string, name: string })[]} */
  const routes = [
    { app: 'posts', path: '/health', name: 'GET /health (does nothing)' },
    { app: 'posts', path: `/${username}/posts`, name: 'GET /{username}/posts (cached)' },
    {
      app: 'posts',
      path: `/${username}/post/${page.data[0].id}`,
      name: 'GET /{username}/post/{id} (cached)',
    },
    { app: 'users', path: `/user/${username}`, name: 'GET /user/{username}' },
    { app: 'users', path: '/user/me', headers: bearer, name: 'GET /user/me (token)' },
    {
      ...{ app: 'posts', path: '/writer/post', method: 'POST', body },
      ...{ headers: { authorization: `Bearer ${writer.token}` }, name: 'POST /{username}/post (token)' },
    },
  ];
  const gateway = processes.get('gateway');
  return [
    { name: 'bare Fastify', url: fastifyUrl, processes: [fastify] },
    ...routes.map(({ app, path, ...rest }) => ({
      ...rest,
      url: `http://127.0.0.1:${ports[app]}/api/v1${path}`,
      processes: [processes.get(app)],
    })),
    { name: 'NGINX alone', url: `${nginxUrl}alone`, processes: [nginx] },
    { name: 'NGINX, bare Fastify', url: nginxUrl, processes: [nginx, fastify] },
    ...routes.map(({ app, path, name, ...rest }) => ({
      ...rest,
      name: `NGINX, ${name}`,
      url: `${gatewayUrl}/api/v1${path}`,
      processes: [gateway, processes.get(app)],
    })),
  ];
}

/** @param {Subject} subject */
async function measure({ processes, ...load }) {
  const pids = processes.flatMap((process) => process?.pid ?? []);
  const before = cpuSeconds(pids);
  const result = await runLoad(load);
  return { ...result, cpuMicros: ((cpuSeconds(pids) - before) / result.count) * 1e6 };
}
