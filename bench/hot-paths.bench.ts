import { api } from '../tests/support/api.ts';
import { createPost } from '../tests/support/posts.ts';
import { createUser } from '../tests/support/users.ts';
import type { ManagedProcess } from '../tools/processes/managed-process.ts';
import type { Stack } from '../tools/stack/stack.ts';
import type { BenchmarkOptions } from './support/benchmark.ts';
import { compare, rounded } from './support/compare.ts';
import { cpuSeconds } from './support/cpu-time.ts';
import { type Load, runLoad } from './support/load.ts';
import { profile } from './support/profile.ts';
import { withStack } from './support/system.ts';
import { formatTable } from './support/table.ts';
import { startYardsticks } from './support/yardsticks.ts';

export const about = 'processor time per request, relative to the same work done directly on Fastify and pg';

const ROUNDS = 5;
const MAX_WARM_UPS = 10;
const POSTS = 20;

interface Subject extends Load {
  name: string;
  yardstick: string;
  /** The processes whose time counts. */
  processes: ManagedProcess[];
}

export const run = ({ only, withProfile }: BenchmarkOptions) =>
  withStack(async (stack, dir) => {
    const fixture = await createFixture();
    const yardsticks = await startYardsticks(stack, dir, fixture.post);
    try {
      const all = subjectsOf(stack, yardsticks, fixture);
      const chosen = all.filter(({ name }) => !only || name.includes(only));
      const subjects = withYardsticks(chosen, all);
      const servers = ['postgres', 'nats'].map((name) => processOf(stack, name));
      const results = await compare(
        subjects.map((subject) => ({ ...subject, measure: () => measure(subject, servers) })),
        { rounds: ROUNDS, figure: ({ cpuMicros }) => cpuMicros, warmUps: MAX_WARM_UPS },
      );
      if (withProfile)
        for (const { processes, ...load } of chosen) {
          const tables = await profile(processes.at(-1)!, () => runLoad({ ...load, seconds: 5 }));
          console.log(`${load.name}\n\n${formatTable(tables.modules)}\n\n${formatTable(tables.functions)}\n`);
        }
      return results.map(({ name, ratio, spread, measured }) => ({
        request: name,
        'CPU, µs': rounded(measured.cpuMicros),
        'ratio to yardstick': rounded(ratio),
        'lowest to highest': spread.map(rounded).join(' to '),
        'PostgreSQL, µs': Math.round(measured.serverMicros[0]!),
        'NATS, µs': Math.round(measured.serverMicros[1]!),
        'per second': Math.round(measured.perSecond),
        'p50 ms': rounded(measured.p50),
        'p99 ms': rounded(measured.p99),
      }));
    } finally {
      await yardsticks.stop();
    }
  });

async function createFixture() {
  const reader = await createUser();
  for (let n = 0; n < POSTS; n++) await createPost(reader);
  const { body: page } = await api(`GET /${reader.username}/posts`);
  const path = `/${reader.username}/post/${page.data[0].id}` as const;
  const { body: post, headers } = await api(`GET ${path}`);
  // The posts of another user: writes do not invalidate what the other requests read.
  // More than the limit of the default rule.
  for (let n = 0; n < 15; n++) await api('POST /tasks/task?message=x', { token: reader.token });
  return { reader, writer: await createUser(), path, post, etag: headers.get('etag')! };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;
type Yardsticks = Awaited<ReturnType<typeof startYardsticks>>;

function subjectsOf(
  stack: Stack,
  { fastifyUrl, nginxUrl, uncachedUrl, fastify, nginx, uncached }: Yardsticks,
  { reader, writer, path, etag }: Fixture,
): Subject[] {
  const [posts, users, jobs, gateway] = ['posts', 'users', 'jobs', 'gateway'].map((name) =>
    processOf(stack, name),
  ) as [ManagedProcess, ManagedProcess, ManagedProcess, ManagedProcess];
  const get = { method: 'GET' } as const;
  const post = { method: 'POST', body: () => ({ title: 'A title', text: 'A text' }) } as const;
  const direct = (app: string) => `http://127.0.0.1:${stack.ports[app]}/api/v1`;
  const yardstick = (name: string) => ({ name, yardstick: name, processes: [fastify] });
  const of = (app: ManagedProcess, name: string, reference: string) => ({
    name,
    yardstick: reference,
    processes: [app],
  });
  const { token } = reader;
  return [
    { ...yardstick('Fastify'), ...get, url: `${fastifyUrl}/` },
    { ...of(posts, 'cached post', 'Fastify'), ...get, url: direct('posts') + path },
    {
      ...of(posts, 'cached post, 304', 'Fastify'),
      ...get,
      url: direct('posts') + path,
      headers: { 'If-None-Match': etag },
      status: 304,
    },
    {
      ...of(jobs, 'refused by a rate limit', 'cached post'),
      method: 'POST',
      url: `${direct('jobs')}/tasks/task?message=x`,
      token,
      status: 429,
    },
    { ...yardstick('NGINX, Fastify'), processes: [nginx, fastify], ...get, url: `${nginxUrl}/` },
    {
      ...of(posts, 'NGINX, cached post', 'NGINX, Fastify'),
      processes: [gateway, posts],
      ...get,
      url: `${stack.gatewayUrl}/api/v1${path}`,
    },
    { ...yardstick('Fastify, pg: user by id'), ...get, url: `${fastifyUrl}/user/${reader.id}` },
    {
      ...of(users, 'own user (token)', 'Fastify, pg: user by id'),
      ...get,
      url: `${direct('users')}/user/me`,
      token,
    },
    {
      ...of(users, 'cached user', 'Fastify'),
      ...get,
      url: `${direct('users')}/user/${reader.username}`,
    },
    { ...yardstick('Fastify, pg: ten posts'), ...get, url: `${fastifyUrl}/posts/${reader.username}` },
    {
      ...of(uncached, 'ten posts, uncached', 'Fastify, pg: ten posts'),
      ...get,
      url: `${uncachedUrl}/api/v1/${reader.username}/posts?cursor=`,
    },
    { ...yardstick('Fastify, pg: create'), ...post, url: `${fastifyUrl}/post/${writer.id}` },
    {
      ...of(posts, 'create a post (token)', 'Fastify, pg: create'),
      ...post,
      url: `${direct('posts')}/${writer.username}/post`,
      token: writer.token,
    },
  ];
}

/** Yardsticks have yardsticks too. */
function withYardsticks(chosen: Subject[], all: Subject[]): Subject[] {
  const names = new Set(chosen.flatMap(({ name, yardstick }) => [name, yardstick]));
  const needed = all.filter(({ name }) => names.has(name));
  return needed.length === chosen.length ? needed : withYardsticks(needed, all);
}

function processOf(stack: Stack, name: string): ManagedProcess {
  const found = stack.processes.get(name);
  if (!found) throw new Error(`The stack has no process ${name}`);
  return found;
}

async function measure({ processes, ...load }: Subject, servers: ManagedProcess[]) {
  const before = [processes, ...servers.map((server) => [server])].map(cpuOf);
  const result = await runLoad(load);
  const after = [processes, ...servers.map((server) => [server])].map(cpuOf);
  const [cpuMicros, ...serverMicros] = after.map(
    (seconds, index) => ((seconds - before[index]!) / result.count) * 1e6,
  );
  return { ...result, cpuMicros: cpuMicros!, serverMicros };
}

const cpuOf = (processes: ManagedProcess[]) => cpuSeconds(processes.flatMap(({ pid }) => pid ?? []));
