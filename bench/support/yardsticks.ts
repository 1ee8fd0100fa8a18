import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { choosePorts, portOf } from '../../tools/lib/ports.ts';
import { answersHttp } from '../../tools/processes/probes.ts';
import { Supervisor } from '../../tools/processes/supervisor.ts';
import { ensurePrograms } from '../../tools/servers/install-programs.ts';
import { ADMIN, DATABASE } from '../../tools/servers/postgres.ts';
import { appSpec } from '../../tools/stack/apps.ts';
import type { Stack } from '../../tools/stack/stack.ts';

const UNCACHED = 'posts-uncached';

/** Tables like those of the posts service, without its relay, which would publish what is in its outbox. */
const TABLES = `
  CREATE SCHEMA bench;
  CREATE TABLE bench.posts (LIKE posts.posts INCLUDING ALL);
  CREATE TABLE bench.outbox (LIKE posts.outbox INCLUDING ALL);
`;

/**
 * Starts what the services are compared with: Fastify with pg on the database of the stack, and an NGINX in front of it.
 * Besides, a posts service without a cache.
 */
export async function startYardsticks(stack: Stack, stackDir: string, post: object) {
  const dir = join(stackDir, 'yardsticks');
  mkdirSync(dir, { recursive: true });
  const database = {
    host: '127.0.0.1',
    port: portOf(stack.ports, 'postgres'),
    database: DATABASE,
    user: ADMIN,
    password: readFileSync(join(stackDir, 'secrets/postgres_admin'), 'utf8').trim(),
  };
  const client = new pg.Client(database);
  await client.connect();
  await client.query(TABLES);
  await client.end();

  const programs = await ensurePrograms(['nginx'], { log: console.log });
  const ports = await choosePorts(
    ['fastify', 'nginx', UNCACHED, `${UNCACHED}-internal`],
    join(dir, 'ports.json'),
  );
  const config = join(dir, 'nginx.conf');
  writeFileSync(config, nginxConfig(ports));
  const supervisor = await Supervisor.open(dir);
  const fastifyUrl = `http://127.0.0.1:${ports.fastify}`;
  const nginxUrl = `http://127.0.0.1:${ports.nginx}`;
  const fastify = await supervisor.start({
    name: 'fastify',
    stage: 'app',
    command: process.execPath,
    args: [join(import.meta.dirname, 'yardstick-server.ts'), String(ports.fastify)],
    env: {
      PGHOST: database.host,
      PGPORT: String(database.port),
      PGDATABASE: database.database,
      PGUSER: database.user,
      PGPASSWORD: database.password,
      YARDSTICK_POST: JSON.stringify(post),
    },
    isReady: () => answersHttp(fastifyUrl),
  });
  const nginx = await supervisor.start({
    name: 'nginx',
    stage: 'gateway',
    command: programs.nginx.path,
    args: ['-p', dir, '-c', config, '-e', 'stderr'],
    isReady: () => answersHttp(nginxUrl),
  });
  const uncached = await supervisor.start(
    appSpec(
      { app: 'posts', name: UNCACHED },
      { ports, env: { ...stack.env('posts'), CACHE_ENABLED: 'false' } },
    ),
  );
  const uncachedUrl = `http://127.0.0.1:${ports[UNCACHED]}`;
  return { fastifyUrl, nginxUrl, uncachedUrl, fastify, nginx, uncached, stop: () => supervisor.stop() };
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
