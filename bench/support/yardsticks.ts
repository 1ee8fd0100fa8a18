import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { choosePorts, portOf } from '../../tools/lib/ports.ts';
import type { ProcessSpec } from '../../tools/processes/managed-process.ts';
import { answersHttp } from '../../tools/processes/probes.ts';
import { Supervisor } from '../../tools/processes/supervisor.ts';
import { ensurePrograms } from '../../tools/servers/install-programs.ts';
import { ADMIN, DATABASE } from '../../tools/servers/postgres.ts';
import { prepareServer } from '../../tools/servers/servers.ts';
import { appSpec } from '../../tools/stack/apps.ts';
import type { Stack } from '../../tools/stack/stack.ts';

const LISTENING = ['fastify', 'nginx', 'nats', 'requester', 'stock-requester', 'nest'] as const;
/** Services besides those of the stack. */
const UNCACHED = 'posts-uncached';
const TASK_WORKER = 'task-worker';
const INTERNAL = [`${UNCACHED}-internal`, `${TASK_WORKER}-internal`] as const;

/** Tables like those of the services, without their relay and dispatcher, which would process the rows. */
const TABLES = `
  CREATE SCHEMA bench;
  CREATE TABLE bench.posts (LIKE posts.posts INCLUDING ALL);
  CREATE TABLE bench.outbox (LIKE posts.outbox INCLUDING ALL);
  CREATE TABLE bench.tasks (LIKE jobs.tasks INCLUDING ALL);
`;

export type Yardsticks = Awaited<ReturnType<typeof startYardsticks>>;

/**
 * Starts what the services are compared with, on the servers of the stack: Fastify, an NGINX in front of it, stock
 * NestJS, a BullMQ worker, and requests over a NATS without accounts. Besides, a posts service without a cache, and a
 * worker with a job that does nothing.
 */
export async function startYardsticks(stack: Stack, stackDir: string, post: object) {
  const dir = join(stackDir, 'yardsticks');
  mkdirSync(dir, { recursive: true });
  const account = {
    host: '127.0.0.1',
    port: portOf(stack.ports, 'postgres'),
    database: DATABASE,
    user: ADMIN,
    password: readFileSync(join(stackDir, 'secrets/postgres_admin'), 'utf8').trim(),
  };
  const database = new pg.Pool({ ...account, max: 1 });
  await database.query(TABLES);

  const programs = await ensurePrograms(['postgres', 'redis', 'nats', 'nginx'], { log: console.log });
  const ports = await choosePorts([...LISTENING, UNCACHED, ...INTERNAL], join(dir, 'ports.json'));
  const urlOf = (name: keyof typeof ports) => `http://127.0.0.1:${ports[name]}`;
  const natsUrl = `nats://127.0.0.1:${ports.nats}`;
  const redis = redisOf(stack.env('worker'));
  const env = {
    PGHOST: account.host,
    PGPORT: String(account.port),
    PGDATABASE: account.database,
    PGUSER: account.user,
    PGPASSWORD: account.password,
    YARDSTICK_POST: JSON.stringify(post),
    YARDSTICK_REDIS: JSON.stringify(redis),
    YARDSTICK_NATS: natsUrl,
  };
  const supervisor = await Supervisor.open(dir);
  const node = (name: string, file: string, args: unknown[], isReady: ProcessSpec['isReady']) =>
    supervisor.start({
      ...{ name, stage: 'app', command: process.execPath, env, isReady },
      args: [join(import.meta.dirname, file), ...args.map(String)],
    });
  const requester = (name: 'requester' | 'stock-requester', kind: string) =>
    node(name, 'nats-requester.ts', [ports[name], natsUrl, kind], () =>
      answersHttp(`${urlOf(name)}/?seconds=0`),
    );

  const nats = await supervisor.start(
    await prepareServer('nats', { dir, port: ports.nats, programs, durable: false }),
  );
  const fastify = await node('fastify', 'yardstick-server.ts', [ports.fastify], () =>
    answersHttp(urlOf('fastify')),
  );
  const config = join(dir, 'nginx.conf');
  writeFileSync(config, nginxConfig(ports));
  const nginx = await supervisor.start({
    ...{ name: 'nginx', stage: 'gateway', command: programs.nginx.path },
    args: ['-p', dir, '-c', config, '-e', 'stderr'],
    isReady: () => answersHttp(urlOf('nginx')),
  });
  const nest = await node('nest', '../dist/stock-nest.js', [ports.nest], () =>
    answersHttp(`${urlOf('nest')}/user/1`),
  );
  const always = async () => true;
  const bareWorker = await node('bare-worker', 'yardstick-worker.ts', [], always);
  const responder = await node('responder', '../dist/nats-responder.js', [natsUrl], always);
  const ourRequester = await requester('requester', 'ours');
  const stockRequester = await requester('stock-requester', 'stock');
  const uncached = await supervisor.start(
    appSpec(
      { app: 'posts', name: UNCACHED },
      { ports, env: { ...stack.env('posts'), CACHE_ENABLED: 'false' } },
    ),
  );
  const worker = appSpec({ app: 'worker', name: TASK_WORKER }, { ports, env: stack.env('worker') });
  const taskWorker = await supervisor.start({
    ...worker,
    args: [...worker.args.slice(0, -1), join(import.meta.dirname, 'task-worker.ts')],
  });
  return {
    ...{ database, redis, urlOf, uncachedUrl: urlOf(UNCACHED) },
    ...{
      nats,
      fastify,
      nginx,
      nest,
      bareWorker,
      taskWorker,
      responder,
      ourRequester,
      stockRequester,
      uncached,
    },
    stop: async () => {
      await database.end();
      await supervisor.stop();
    },
  };
}

function redisOf(env: NodeJS.ProcessEnv) {
  return {
    host: env.REDIS_QUEUE_HOST!,
    port: Number(env.REDIS_QUEUE_PORT),
    username: env.REDIS_USERNAME!,
    password: readFileSync(env.REDIS_PASSWORD_FILE!, 'utf8').trim(),
  };
}

const nginxConfig = (ports: Record<string, number>) => `
daemon off;
worker_processes 2;
pid nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
  keepalive_requests 1000000;
  upstream fastify { server 127.0.0.1:${ports.fastify}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${ports.nginx};
    location / { proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass http://fastify; }
  }
}
`;
