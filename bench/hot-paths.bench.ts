import { join } from 'node:path';
import { api } from '../tests/support/api.ts';
import { createPost } from '../tests/support/posts.ts';
import type { LoadRequest } from '../tests/support/load-generator.ts';
import type { Stack } from '../tools/stack/stack.ts';
import { createUser } from '../tests/support/users.ts';
import { startBaselines } from './support/baselines.ts';
import { compare, rounded } from './support/compare.ts';
import { cpuSeconds } from './support/cpu-time.ts';
import { type Load, runLoad } from './support/load.ts';
import { withStack } from './support/system.ts';

export const about =
  'requests per second, relative to a bare Fastify route: each service by itself, and through NGINX';

const ROUNDS = 3;
const POSTS = 10;

interface Subject extends Load {
  name: string;
  /** The processes that serve the request. */
  processes: ({ pid?: number } | undefined)[];
}

export const run = () =>
  withStack(async (stack, dir) => {
    const baselines = await startBaselines(join(dir, 'baselines'));
    try {
      const subjects = await subjectsOf(stack, baselines);
      const results = await compare(
        subjects.map((subject) => ({ name: subject.name, measure: () => measure(subject) })),
        { rounds: ROUNDS, figure: ({ perSecond }) => perSecond },
      );
      return results.map(({ name, figure, ratio, measured }) => ({
        request: name,
        'per second': Math.round(figure),
        'ratio to bare Fastify': rounded(ratio),
        'server CPU, µs': Math.round(measured.cpuMicros),
        'p50 ms': rounded(measured.p50),
        'p99 ms': rounded(measured.p99),
      }));
    } finally {
      await baselines.stop();
    }
  });

async function subjectsOf(
  { gatewayUrl, ports, processes }: Stack,
  { fastifyUrl, nginxUrl, fastify, nginx }: Awaited<ReturnType<typeof startBaselines>>,
): Promise<Subject[]> {
  const reader = await createUser();
  for (let n = 0; n < POSTS; n++) await createPost(reader);
  const { username, token } = reader;
  const { body: page } = await api(`GET /${username}/posts`);
  // The posts of another user: writes do not invalidate what the other requests read.
  const writer = await createUser();
  const body = () => ({ title: 'A title', text: 'A text' });

  const routes: (LoadRequest & { app: string; name: string })[] = [
    { app: 'posts', method: 'GET', path: '/health', name: 'GET /health (does nothing)' },
    { app: 'posts', method: 'GET', path: `/${username}/posts`, name: 'GET /{username}/posts (cached)' },
    {
      ...{ app: 'posts', method: 'GET', path: `/${username}/post/${page.data[0].id}` },
      name: 'GET /{username}/post/{id} (cached)',
    },
    { app: 'users', method: 'GET', path: `/user/${username}`, name: 'GET /user/{username}' },
    { app: 'users', method: 'GET', path: '/user/me', token, name: 'GET /user/me (token)' },
    {
      ...{ app: 'posts', method: 'POST', path: `/${writer.username}/post`, body, token: writer.token },
      name: 'POST /{username}/post (token)',
    },
  ];
  const get = { method: 'GET', path: '/' } as const;
  return [
    { ...get, name: 'bare Fastify', baseUrl: fastifyUrl, processes: [fastify] },
    ...routes.map(({ app, path, ...rest }) => ({
      ...rest,
      path: `/api/v1${path}`,
      baseUrl: `http://127.0.0.1:${ports[app]}`,
      processes: [processes.get(app)],
    })),
    { ...get, path: '/alone', name: 'NGINX alone', baseUrl: nginxUrl, processes: [nginx] },
    { ...get, name: 'NGINX, bare Fastify', baseUrl: nginxUrl, processes: [nginx, fastify] },
    ...routes.map(({ app, path, name, ...rest }) => ({
      ...rest,
      path: `/api/v1${path}`,
      name: `NGINX, ${name}`,
      baseUrl: gatewayUrl,
      processes: [processes.get('gateway'), processes.get(app)],
    })),
  ];
}

async function measure({ processes, ...load }: Subject) {
  const pids = processes.flatMap((process) => process?.pid ?? []);
  const before = cpuSeconds(pids);
  const result = await runLoad(load);
  return { ...result, cpuMicros: ((cpuSeconds(pids) - before) / result.count) * 1e6 };
}
