import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectNats, type NatsConnection } from '@nats-io/transport-node';
import { Client } from 'pg';
import type { Attack } from '../attack.ts';
import { exchange } from '../client.ts';
import type { Fixture } from '../fixture.ts';

/** Sends a command to a Redis with the account of a service. Expected is the beginning of the answer. */
function redis(
  name: string,
  server: 'redis-cache' | 'redis-limits' | 'redis-queue',
  as: string | undefined,
  command: string,
  expected: string,
): Attack {
  return {
    name,
    asvs: '13.2.2',
    api: 'API8',
    attempt: async (fixture) => {
      const login = as ? `AUTH ${as} ${fixture.secret(`redis_${as}`)}\r\n` : '';
      const received = await exchange(fixture.ports[server]!, `${login}${command}\r\n`, { quietMs: 500 });
      return received.trim().split('\r\n').at(-1)!.slice(0, 40);
    },
    expected,
  };
}

/** Runs a statement in PostgreSQL with the account of a service. */
function sql(name: string, as: string, statement: string, expected: string, asvs = '13.2.2'): Attack {
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
    expected,
  };
}

/** Does something on NATS with the account of a service. */
function nats(
  name: string,
  as: string,
  attempt: (nats: NatsConnection) => Promise<string>,
  expected: string,
  asvs = '13.2.2',
): Attack {
  return {
    name,
    asvs,
    api: 'API8',
    attempt: async (fixture) => {
      const connection = await openNats(fixture, as);
      try {
        return await attempt(connection);
      } finally {
        await connection.close();
      }
    },
    expected,
  };
}

const openNats = ({ ports, secret }: Fixture, as: string) =>
  connectNats({
    servers: `nats://127.0.0.1:${ports.nats}`,
    user: as,
    pass: secret(`nats_${as}`),
    inboxPrefix: `_INBOX.${as}`,
    reconnect: false,
    noAsyncTraces: true,
  });

/** Whether the server allows a subscription. */
async function subscribe(nats: NatsConnection, subject: string): Promise<string> {
  const refusal = new Promise<string>((resolve) => {
    nats.subscribe(subject, { callback: (error) => resolve(error ? 'refused' : 'a message') });
  });
  await nats.flush();
  return Promise.race([refusal, new Promise<string>((resolve) => setTimeout(resolve, 1_500, 'allowed'))]);
}

/** Whether the server allows a message. */
async function publish(nats: NatsConnection, subject: string, payload = '{}'): Promise<string> {
  const refusal = (async () => {
    for await (const status of nats.status()) if (status.type === 'error') return 'refused';
    return 'closed';
  })();
  nats.publish(subject, payload);
  await nats.flush();
  return Promise.race([refusal, new Promise<string>((resolve) => setTimeout(resolve, 1_500, 'allowed'))]);
}

/** The answer to a request: the status of its error, or "answered". */
async function request(nats: NatsConnection, subject: string, payload: string): Promise<string> {
  const answer = (await nats.request(subject, payload, { timeout: 3_000 })).json<{
    error?: { status?: number };
  }>();
  return answer.error ? `refused with ${answer.error.status}` : 'answered';
}

export const STORES: Attack[] = [
  redis('use Redis without a password', 'redis-limits', undefined, 'GET limits:x', '-NOPERM'),
  redis('log in to Redis with a wrong password', 'redis-cache', undefined, 'AUTH users wrong', '-WRONGPASS'),
  redis('read the cache of another service', 'redis-cache', 'posts', 'GET cache:users:x', '-NOPERM'),
  redis('write into the cache of another service', 'redis-cache', 'jobs', 'SET cache:posts:x y', '-NOPERM'),
  redis('read the records of logins', 'redis-limits', 'jobs', 'GET login:known:x', '-NOPERM'),
  redis('read the settings of Redis', 'redis-cache', 'posts', 'CONFIG GET *', '-NOPERM'),
  redis('delete everything in Redis', 'redis-cache', 'posts', 'FLUSHALL', '-NOPERM'),
  redis('list all keys of Redis', 'redis-cache', 'posts', 'KEYS *', '-NOPERM'),
  redis('shut Redis down', 'redis-queue', 'worker', 'SHUTDOWN NOSAVE', '-NOPERM'),
  redis(
    'list the keys of the queues as a service without queues',
    'redis-queue',
    'posts',
    'KEYS *',
    '-NOPERM',
  ),
  sql('read the table of another service', 'posts', 'SELECT * FROM users.users', 'permission denied'),
  sql('read the signing keys', 'users', 'SELECT * FROM auth.signing_keys', 'permission denied'),
  sql('create a table in the own schema', 'posts', 'CREATE TABLE posts.evil (id int)', 'permission denied'),
  sql(
    'create a table in the public schema',
    'posts',
    'CREATE TABLE public.evil (id int)',
    'permission denied',
  ),
  sql('drop a table', 'jobs', 'DROP TABLE jobs.tasks', 'must be owner'),
  sql(
    'run a program on the server',
    'users',
    `COPY (SELECT 1) TO PROGRAM 'id'`,
    'must be superuser or have privileges',
  ),
  sql('read a file on the server', 'users', `SELECT pg_read_file('/etc/passwd')`, 'permission denied'),
  sql('create a role', 'auth', 'CREATE ROLE evil', 'permission denied to create role'),
  sql(
    'act with the role of another service',
    'posts',
    'SET ROLE users',
    'permission denied to set role "users"',
  ),
  sql('read the sessions as the worker', 'worker', 'SELECT * FROM auth.sessions', 'permission denied'),
  {
    name: 'connect to NATS without a password',
    asvs: '13.2.1',
    api: 'API8',
    attempt: ({ ports }) =>
      connectNats({ servers: `nats://127.0.0.1:${ports.nats}`, reconnect: false }).then(
        () => 'connected',
        (error: Error) => (/authorization/i.test(error.message) ? 'refused' : error.message),
      ),
    expected: 'refused',
  },
  nats('subscribe to all messages', 'posts', (bus) => subscribe(bus, '>'), 'refused'),
  nats(
    'subscribe to the requests to another service',
    'posts',
    (bus) => subscribe(bus, 'rpc.users.>'),
    'refused',
  ),
  nats(
    'subscribe to the answers to another service',
    'jobs',
    (bus) => subscribe(bus, '_INBOX.auth.>'),
    'refused',
  ),
  nats(
    'publish an event of another service',
    'posts',
    (bus) => publish(bus, 'events.user.deleted'),
    'refused',
  ),
  nats(
    'publish an event of another service to all processes',
    'posts',
    (bus) => publish(bus, 'replicas.topic.event.user.hard-deleted'),
    'refused',
  ),
  nats(
    'publish revocations as a service without sessions',
    'posts',
    (bus) => publish(bus, 'replicas.topic.revocations'),
    'refused',
  ),
  nats(
    'invalidate the cache of another service',
    'posts',
    (bus) => publish(bus, 'replicas.topic.cache.users'),
    'refused',
  ),
  nats(
    'subscribe to the messages between replicas',
    'posts',
    (bus) => subscribe(bus, 'replicas.>'),
    'refused',
  ),
  {
    name: 'publish heartbeats that are no JSON',
    asvs: '2.2.2',
    api: 'API8',
    attempt: async (fixture) => {
      const bus = await openNats(fixture, 'worker');
      for (const bytes of ['{"id":', 'null', '']) bus.publish('replicas.heartbeat', bytes);
      await bus.drain();
      await delay(1_000);
      const dead = Object.entries(fixture.pids).filter(([, pid]) => !existsSync(`/proc/${pid}`));
      return dead.length === 0 ? 'all processes run' : `${dead.length} ended`;
    },
    expected: 'all processes run',
  },
  nats(
    'verify a password as the worker',
    'worker',
    (bus) => publish(bus, 'rpc.users.verify-credentials'),
    'refused',
  ),
  nats(
    'verify a password as another service',
    'posts',
    (bus) => publish(bus, 'rpc.users.verify-credentials'),
    'refused',
  ),
  nats(
    'purge the stream of events',
    'posts',
    (bus) => publish(bus, '$JS.API.STREAM.PURGE.events'),
    'refused',
  ),
  nats(
    'a request that is no JSON',
    'auth',
    (bus) => request(bus, 'rpc.users.get-user', '{"id":'),
    'refused with 422',
    '2.2.2',
  ),
  nats(
    'a request with an extra field',
    'auth',
    (bus) => request(bus, 'rpc.users.get-user', '{"id":1,"as":"admin"}'),
    'refused with 422',
    '2.2.2',
  ),
  nats(
    'a request with an operator for a number',
    'auth',
    (bus) => request(bus, 'rpc.users.get-user', '{"id":{"$gt":0}}'),
    'refused with 422',
    '2.2.2',
  ),
  nats(
    'a request 5,000 levels deep',
    'auth',
    (bus) => request(bus, 'rpc.users.get-user', '['.repeat(5_000)),
    'refused with 422',
    '15.2.2',
  ),
];
