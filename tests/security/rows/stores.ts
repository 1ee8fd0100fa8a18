import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectNats, type NatsConnection } from '@nats-io/transport-node';
import { Client } from 'pg';
import type { Attack } from '../attack.js';
import { exchange } from '../client.js';
import type { World } from '../world.js';

/** Commands for a Redis, as whom; right is how the last answer begins. */
function redis(
  name: string,
  server: 'redis-cache' | 'redis-limits' | 'redis-queue',
  as: string | undefined,
  command: string,
  right: string,
): Attack {
  return {
    name,
    asvs: '13.2.2',
    api: 'API8',
    attempt: async (world) => {
      const login = as ? `AUTH ${as} ${world.secret(`redis_${as}`)}\r\n` : '';
      const received = await exchange(world.ports[server]!, `${login}${command}\r\n`, { quietMs: 500 });
      return received.trim().split('\r\n').at(-1)!.slice(0, 40);
    },
    right,
  };
}

/** A statement in Postgres, as whom. */
function sql(name: string, as: string, statement: string, right: string, asvs = '13.2.2'): Attack {
  return {
    name,
    asvs,
    api: 'API8',
    attempt: async ({ ports, secret }) => {
      const database = new Client({
        host: '127.0.0.1',
        port: ports.postgres,
        user: as,
        password: secret(`postgres_${as}`),
        database: 'app',
      });
      await database.connect();
      try {
        await database.query(statement);
        return 'done';
      } catch (error) {
        return (error as Error).message.replace(/ (for|of) .*$/, '');
      } finally {
        await database.end();
      }
    },
    right,
  };
}

/** Something on NATS, as a service. */
function nats(
  name: string,
  as: string,
  attempt: (nats: NatsConnection) => Promise<string>,
  right: string,
  asvs = '13.2.2',
): Attack {
  return {
    name,
    asvs,
    api: 'API8',
    attempt: async (world) => {
      const connection = await openNats(world, as);
      try {
        return await attempt(connection);
      } finally {
        await connection.close();
      }
    },
    right,
  };
}

const openNats = ({ ports, secret }: World, as: string) =>
  connectNats({
    servers: `nats://127.0.0.1:${ports.nats}`,
    user: as,
    pass: secret(`nats_${as}`),
    inboxPrefix: `_INBOX.${as}`,
    reconnect: false,
    noAsyncTraces: true,
  });

/** What the server says to a subscription. */
async function subscribe(nats: NatsConnection, subject: string): Promise<string> {
  const refusal = new Promise<string>((resolve) => {
    nats.subscribe(subject, { callback: (error) => resolve(error ? 'refused' : 'a message') });
  });
  await nats.flush();
  return Promise.race([refusal, new Promise<string>((resolve) => setTimeout(resolve, 1_500, 'allowed'))]);
}

/** What the server says to a message. */
async function publish(nats: NatsConnection, subject: string, payload = '{}'): Promise<string> {
  const refusal = (async () => {
    for await (const status of nats.status()) if (status.type === 'error') return 'refused';
    return 'closed';
  })();
  nats.publish(subject, payload);
  await nats.flush();
  return Promise.race([refusal, new Promise<string>((resolve) => setTimeout(resolve, 1_500, 'allowed'))]);
}

/** The answer to a request: its error code, or "answered". */
async function ask(nats: NatsConnection, subject: string, payload: string): Promise<string> {
  const answer = (await nats.request(subject, payload, { timeout: 3_000 })).json<{
    error?: { status?: number };
  }>();
  return answer.error ? `refused with ${answer.error.status}` : 'answered';
}

export const STORES: Attack[] = [
  redis('Redis without a password', 'redis-limits', undefined, 'GET limits:x', '-NOPERM'),
  redis('a wrong password of Redis', 'redis-cache', undefined, 'AUTH users wrong', '-WRONGPASS'),
  redis("another service's cache", 'redis-cache', 'posts', 'GET cache:users:x', '-NOPERM'),
  redis('poison for the cache of another service', 'redis-cache', 'jobs', 'SET cache:posts:x y', '-NOPERM'),
  redis('who is known to the login', 'redis-limits', 'jobs', 'GET login:known:x', '-NOPERM'),
  redis('the settings of Redis', 'redis-cache', 'posts', 'CONFIG GET *', '-NOPERM'),
  redis('everything in Redis, away', 'redis-cache', 'posts', 'FLUSHALL', '-NOPERM'),
  redis('all keys of Redis', 'redis-cache', 'posts', 'KEYS *', '-NOPERM'),
  redis('the end of Redis', 'redis-queue', 'worker', 'SHUTDOWN NOSAVE', '-NOPERM'),
  redis('the queues, for a service that has none', 'redis-queue', 'posts', 'KEYS *', '-NOPERM'),
  sql("another service's table", 'posts', 'SELECT * FROM users.users', 'permission denied'),
  sql('the signing keys', 'users', 'SELECT * FROM auth.signing_keys', 'permission denied'),
  sql('a table of its own', 'posts', 'CREATE TABLE posts.evil (id int)', 'permission denied'),
  sql('a table in the public schema', 'posts', 'CREATE TABLE public.evil (id int)', 'permission denied'),
  sql('a table, away', 'jobs', 'DROP TABLE jobs.tasks', 'must be owner'),
  sql(
    'a command of the machine',
    'users',
    `COPY (SELECT 1) TO PROGRAM 'id'`,
    'must be superuser or have privileges',
  ),
  sql('a file of the machine', 'users', `SELECT pg_read_file('/etc/passwd')`, 'permission denied'),
  sql('a role of its own', 'auth', 'CREATE ROLE evil', 'permission denied to create role'),
  sql("somebody else's role", 'posts', 'SET ROLE users', 'permission denied to set role "users"'),
  sql('the sessions, for the worker', 'worker', 'SELECT * FROM auth.sessions', 'permission denied'),
  {
    name: 'NATS without a password',
    asvs: '13.2.1',
    api: 'API8',
    attempt: ({ ports }) =>
      connectNats({ servers: `nats://127.0.0.1:${ports.nats}`, reconnect: false }).then(
        () => 'connected',
        (error: Error) => (/authorization/i.test(error.message) ? 'refused' : error.message),
      ),
    right: 'refused',
  },
  nats('all messages', 'posts', (bus) => subscribe(bus, '>'), 'refused'),
  nats(
    "another service's requests, passwords among them",
    'posts',
    (bus) => subscribe(bus, 'rpc.users.>'),
    'refused',
  ),
  nats("another service's answers", 'jobs', (bus) => subscribe(bus, '_INBOX.auth.>'), 'refused'),
  nats('news of a user that never was', 'posts', (bus) => publish(bus, 'events.user.deleted'), 'refused'),
  nats(
    'the same as live news, which act at once',
    'posts',
    (bus) => publish(bus, 'replicas.topic.event.user.hard-deleted'),
    'refused',
  ),
  nats(
    'the end of all sessions, for a service that ends none',
    'posts',
    (bus) => publish(bus, 'replicas.topic.revocations'),
    'refused',
  ),
  nats(
    "another service's cache, by a message",
    'posts',
    (bus) => publish(bus, 'replicas.topic.cache.users'),
    'refused',
  ),
  nats('all news, from a corner', 'posts', (bus) => subscribe(bus, 'replicas.>'), 'refused'),
  {
    name: 'a sign of life that is no JSON, to all processes',
    asvs: '2.2.2',
    api: 'API8',
    attempt: async (world) => {
      const bus = await openNats(world, 'worker');
      for (const bytes of ['{"id":', 'null', '']) bus.publish('replicas.heartbeat', bytes);
      await bus.drain();
      await delay(1_000);
      const dead = Object.entries(world.pids).filter(([, pid]) => !existsSync(`/proc/${pid}`));
      return dead.length === 0 ? 'all of them live' : `${dead.length} died`;
    },
    right: 'all of them live',
  },
  nats(
    'a question about a password, by the worker',
    'worker',
    (bus) => publish(bus, 'rpc.users.verify-credentials'),
    'refused',
  ),
  nats(
    'a guess at a password past the login, by a service',
    'posts',
    (bus) => publish(bus, 'rpc.users.verify-credentials'),
    'refused',
  ),
  nats(
    'the stream of events, emptied',
    'posts',
    (bus) => publish(bus, '$JS.API.STREAM.PURGE.events'),
    'refused',
  ),
  nats(
    'a request that is no JSON',
    'auth',
    (bus) => ask(bus, 'rpc.users.get-user', '{"id":'),
    'refused with 422',
    '2.2.2',
  ),
  nats(
    'a request with an extra field',
    'auth',
    (bus) => ask(bus, 'rpc.users.get-user', '{"id":1,"as":"admin"}'),
    'refused with 422',
    '2.2.2',
  ),
  nats(
    'a request with an operator for a number',
    'auth',
    (bus) => ask(bus, 'rpc.users.get-user', '{"id":{"$gt":0}}'),
    'refused with 422',
    '2.2.2',
  ),
  nats(
    'a request 5,000 levels deep',
    'auth',
    (bus) => ask(bus, 'rpc.users.get-user', '['.repeat(5_000)),
    'refused with 422',
    '15.2.2',
  ),
];
