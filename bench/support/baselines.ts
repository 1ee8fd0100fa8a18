import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../tools/lib/ports.ts';
import { answersHttp } from '../../tools/processes/probes.ts';
import { Supervisor } from '../../tools/processes/supervisor.ts';
import { ensurePrograms } from '../../tools/servers/install-programs.ts';

/**
 * Starts a bare Fastify route, and an NGINX in front of it that also answers `/alone` by itself: the maximum that this
 * machine reaches at this time.
 */
export async function startBaselines(dir: string) {
  const programs = await ensurePrograms(['nginx'], { log: console.log });
  const ports = { fastify: await freePort(), nginx: await freePort() };
  const supervisor = await Supervisor.open(dir);
  const fastifyUrl = `http://127.0.0.1:${ports.fastify}`;
  const nginxUrl = `http://127.0.0.1:${ports.nginx}`;
  const config = join(dir, 'nginx.conf');
  mkdirSync(dir, { recursive: true });
  writeFileSync(config, nginxConfig(ports));

  const fastify = await supervisor.start({
    name: 'bare-fastify',
    stage: 'app',
    command: process.execPath,
    args: [join(import.meta.dirname, 'bare-fastify.ts'), String(ports.fastify)],
    isReady: () => answersHttp(fastifyUrl),
  });
  const nginx = await supervisor.start({
    name: 'bare-nginx',
    stage: 'gateway',
    command: programs.nginx.path,
    args: ['-p', dir, '-c', config, '-e', 'stderr'],
    isReady: () => answersHttp(nginxUrl),
  });
  return { fastifyUrl, nginxUrl, fastify, nginx, stop: () => supervisor.stop() };
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
    location = /alone { default_type application/json; return 200 '{"id":1,"title":"A title"}'; }
    location / { proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass http://fastify; }
  }
}
`;
