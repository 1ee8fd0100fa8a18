import { Queue } from 'bullmq';
import { api } from '../../tests/support/api.ts';
import { createPost } from '../../tests/support/posts.ts';
import { createUserWithTasks } from '../../tests/support/tasks.ts';
import { adminToken, createUser } from '../../tests/support/users.ts';
import type { ManagedProcess } from '../../tools/processes/managed-process.ts';
import type { Stack } from '../../tools/stack/stack.ts';
import { type Load, type LoadFigures, runLoad } from './load.ts';
import { BARE_QUEUE, runTasks } from './tasks.ts';
import type { Yardsticks } from './yardsticks.ts';

const POSTS = 20;
const TASKS_PER_SECOND = 400;

export interface Subject {
  name: string;
  yardstick: string;
  /** The processes whose time counts. */
  processes: ManagedProcess[];
  /** False: the time of their child processes does not count. */
  withChildren?: boolean;
  /** For requests that are few: the time that the processes use without requests is measured so long, and does not count. */
  idleSeconds?: number;
  run: (seconds: number) => Promise<LoadFigures>;
  /** Removes what a run has left. */
  cleanUp?: () => Promise<unknown>;
}

export async function createFixture() {
  const reader = await createUser();
  for (let n = 0; n < POSTS; n++) await createPost(reader);
  const { body: page } = await api(`GET /${reader.username}/posts`);
  const path = `/${reader.username}/post/${page.data[0].id}` as const;
  const { body: post, headers } = await api(`GET ${path}`);
  // More than the limit of the default rule.
  for (let n = 0; n < 15; n++) await api('POST /tasks/task?message=x', { token: reader.token });
  // The posts of another user: writes do not invalidate what the other requests read.
  const [writer, enqueuer] = [await createUser(), await createUserWithTasks(await adminToken(), 1_000_000)];
  return { reader, writer, enqueuer, path, post, etag: headers.get('etag')! };
}

export type Fixture = Awaited<ReturnType<typeof createFixture>>;

/** All subjects of the benchmark; the yardstick of a yardstick is itself. */
export function subjectsOf(stack: Stack, yardsticks: Yardsticks, fixture: Fixture): Subject[] {
  return [
    ...cachedReads(stack, yardsticks, fixture),
    ...uncachedReads(stack, yardsticks, fixture),
    ...writes(stack, yardsticks, fixture),
    ...withoutHttp(yardsticks),
  ];
}

function cachedReads(stack: Stack, { urlOf, fastify, nginx, nest }: Yardsticks, fixture: Fixture): Subject[] {
  const { posts, users, jobs, gateway } = processesOf(stack);
  const { reader, path, etag } = fixture;
  const url = direct(stack, 'posts') + path;
  const user = `${direct(stack, 'users')}/user/${reader.username}`;
  const refused = {
    method: 'POST',
    url: `${direct(stack, 'jobs')}/tasks/task?message=x`,
    status: 429,
  } as const;
  // A task with this id cannot exist: the route answers without a read, so that all the time of a token is seen.
  const optional = { method: 'GET', url: `${direct(stack, 'jobs')}/tasks/task/none`, status: 404 } as const;
  return [
    yardstick('Fastify', [fastify], get(urlOf('fastify'))),
    subject('cached post', 'Fastify', [posts], get(url)),
    subject('cached post, 304', 'Fastify', [posts], {
      ...get(url),
      headers: { 'If-None-Match': etag },
      status: 304,
    }),
    subject('cached user', 'Fastify', [users], get(user)),
    yardstick('NestJS, cached user', [nest], get(`${urlOf('nest')}/cached-user/${reader.id}`)),
    subject('cached user, to NestJS', 'NestJS, cached user', [users], get(user)),
    subject('refused by a rate limit', 'cached post', [jobs], { ...refused, token: reader.token }),
    yardstick('no token', [jobs], optional),
    subject('token', 'no token', [jobs], { ...optional, token: reader.token }),
    yardstick('NGINX, Fastify', [nginx, fastify], get(urlOf('nginx'))),
    subject(
      'NGINX, cached post',
      'NGINX, Fastify',
      [gateway, posts],
      get(`${stack.gatewayUrl}/api/v1${path}`),
    ),
  ];
}

function uncachedReads(stack: Stack, yardsticks: Yardsticks, { reader }: Fixture): Subject[] {
  const { urlOf, uncachedUrl, fastify, nest, uncached } = yardsticks;
  const { users } = processesOf(stack);
  const own = { ...get(`${direct(stack, 'users')}/user/me`), token: reader.token };
  const list = `${uncachedUrl}/api/v1/${reader.username}/posts?cursor=`;
  return [
    yardstick('Fastify, pg: user by id', [fastify], get(`${urlOf('fastify')}/user/${reader.id}`)),
    subject('own user (token)', 'Fastify, pg: user by id', [users], own),
    yardstick('NestJS, user by id', [nest], get(`${urlOf('nest')}/user/${reader.id}`)),
    subject('own user (token), to NestJS', 'NestJS, user by id', [users], own),
    yardstick('Fastify, pg: ten posts', [fastify], get(`${urlOf('fastify')}/posts/${reader.username}`)),
    subject('ten posts, uncached', 'Fastify, pg: ten posts', [uncached], get(list)),
  ];
}

function writes(stack: Stack, { urlOf, fastify, database, redis }: Yardsticks, fixture: Fixture): Subject[] {
  const { auth, users, posts, jobs } = processesOf(stack);
  const { reader, writer, enqueuer } = fixture;
  const body = () => ({ title: 'A title', text: 'A text' });
  const [ours, bare] = ['tasks', 'bare-enqueue'].map((name) => new Queue(name, { connection: redis }));
  const login: Load = {
    ...{ method: 'POST', url: `${direct(stack, 'auth')}/login` },
    form: () => ({ username: reader.username, password: reader.password }),
  };
  // Hashes are few: for longer, so that the time of the services is more than a few ticks of the clock; and computed one
  // at a time, so that more connections would only wait.
  const slowly = (load: Load) => (seconds: number) =>
    runLoad({ ...load, connections: 4, seconds: 2 * seconds });
  const hash = post(`${urlOf('fastify')}/hash`, () => ({ password: reader.password }));
  return [
    yardstick('Fastify, pg: create', [fastify], post(`${urlOf('fastify')}/post/${writer.id}`, body)),
    subject('create a post (token)', 'Fastify, pg: create', [posts], {
      ...post(`${direct(stack, 'posts')}/${writer.username}/post`, body),
      token: writer.token,
    }),
    {
      ...yardstick('Fastify, pg, BullMQ: enqueue', [fastify], {
        ...post(`${urlOf('fastify')}/task/${enqueuer.id}?message=x`),
      }),
      cleanUp: () => bare!.drain(),
    },
    {
      ...subject('rate-limited enqueue (token)', 'Fastify, pg, BullMQ: enqueue', [jobs], {
        ...post(`${direct(stack, 'jobs')}/tasks/task?message=x`),
        token: enqueuer.token,
      }),
      // Each task takes five seconds.
      cleanUp: async () => {
        await database.query(`UPDATE jobs.tasks SET status = 'cancelled' WHERE status = 'queued'`);
        await ours!.drain();
        await database.query('VACUUM jobs.tasks');
      },
    },
    { ...yardstick('argon2id', [fastify], hash), run: slowly(hash) },
    // The services hash in a child process.
    {
      ...subject('login, without the hash', 'argon2id', [users, auth], login),
      run: slowly(login),
      withChildren: false,
      idleSeconds: 2,
    },
  ];
}

function withoutHttp(yardsticks: Yardsticks): Subject[] {
  const { database, redis, urlOf, fastify, bareWorker, taskWorker } = yardsticks;
  const { responder, ourRequester, stockRequester } = yardsticks;
  const queue = new Queue(BARE_QUEUE, { connection: redis });
  const add = (ids: string[]) =>
    queue.addBulk(ids.map((jobId) => ({ name: 'task', data: {}, opts: { jobId, removeOnComplete: true } })));
  const count = (seconds: number) => TASKS_PER_SECOND * seconds;
  const request =
    (name: 'requester' | 'stock-requester') =>
    async (seconds: number): Promise<LoadFigures> =>
      (await (await fetch(`${urlOf(name)}/?seconds=${seconds}`)).json()) as LoadFigures;
  const tasks = (table: string, enqueue?: typeof add) => (seconds: number) =>
    runTasks(database, table, count(seconds), enqueue);
  return [
    of('BullMQ, pg: task', 'BullMQ, pg: task', [bareWorker], tasks('bench.tasks', add)),
    of('task, queued to done', 'BullMQ, pg: task', [taskWorker], tasks('jobs.tasks')),
    of('NATS', 'NATS', [fastify, stockRequester], request('stock-requester')),
    of('request over NATS', 'NATS', [responder, ourRequester], request('requester')),
  ];
}

const of = (name: string, reference: string, processes: ManagedProcess[], run: Subject['run']): Subject => ({
  name,
  yardstick: reference,
  processes,
  run,
});

const subject = (name: string, reference: string, processes: ManagedProcess[], load: Load) =>
  of(name, reference, processes, (seconds) => runLoad({ ...load, seconds }));

const yardstick = (name: string, processes: ManagedProcess[], load: Load) =>
  subject(name, name, processes, load);

const get = (url: string): Load => ({ method: 'GET', url });

const post = (url: string, body?: () => object): Load => ({ method: 'POST', url, body });

const direct = (stack: Stack, app: string) => `http://127.0.0.1:${stack.ports[app]}/api/v1`;

function processesOf(stack: Stack): Record<'auth' | 'users' | 'posts' | 'jobs' | 'gateway', ManagedProcess> {
  return Object.fromEntries(stack.processes) as ReturnType<typeof processesOf>;
}
