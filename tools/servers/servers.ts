// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSecret, servicePasswords } from '../../infra/secrets/generate.ts';
import { natsConfig } from '../../infra/nats/nats-config.ts';
import { redisAcl, redisConfig } from '../../infra/redis/redis-config.ts';
import { preparePostgres } from './postgres.ts';
import { answersNats, answersRedis } from '../processes/probes.ts';

/** @typedef {import('../processes/managed-process.ts').ProcessSpec} ProcessSpec */

/**
 * How to start each server on a port of its own, in `dir`. With `secretsDir` every service has its account and its
 * rights; without (tests) everybody may do everything, on loopback.
 *
 * @typedef {object} ServerOptions
 * @property {string} dir
 * @property {Record<string, number>} ports
 * @property {Record<import('./server-programs.ts').ServerName, import('./server-programs.ts').Program>} programs
 * @property {string} [secretsDir]
 * @property {boolean} durable  false: fast and forgetful, for tests
 * @property {string} [templates]  where new Postgres data directories are kept for copying
 * @property {AbortSignal} [signal]
 */
const HOST = '127.0.0.1';

/** Of the administrator of a Postgres without secrets. */
export const UNPROTECTED_PASSWORD = 'postgres';

/** @type {Record<'postgres' | 'redis-cache' | 'redis-limits' | 'redis-queue' | 'nats', (options: ServerOptions) => Promise<ProcessSpec>>} */
export const SERVER_SPECS = {
  postgres: ({ dir, ports, programs, secretsDir, durable, templates, signal }) =>
    preparePostgres({
      dir,
      program: programs.postgres,
      port: ports.postgres,
      password: secretsDir ? readSecret(secretsDir, 'postgres_admin') : UNPROTECTED_PASSWORD,
      durable,
      templates,
      signal,
    }),
  'redis-cache': async (options) => redis('cache', options),
  'redis-limits': async (options) => redis('limits', options),
  'redis-queue': async (options) => redis('queue', options),
  nats: async (options) => nats(options),
};

/**
 * @param {import('../../infra/redis/redis-config.ts').RedisKind} kind
 * @param {ServerOptions} options
 * @returns {ProcessSpec}
 */
function redis(kind, { dir, ports, programs, secretsDir }) {
  const name = `redis-${kind}`;
  const home = join(dir, name);
  const port = ports[name];
  mkdirSync(home, { recursive: true, mode: 0o700 });
  let aclFile;
  if (secretsDir) {
    aclFile = join(home, 'users.acl');
    writePrivate(aclFile, redisAcl(kind, servicePasswords(secretsDir, 'redis')));
  }
  const config = join(home, 'redis.conf');
  writePrivate(config, redisConfig({ kind, host: HOST, port, dir: home, aclFile }));
  return {
    name,
    stage: 'server',
    command: programs.redis.path,
    args: [config],
    cwd: home,
    isReady: () => answersRedis({ host: HOST, port }),
    address: `${HOST}:${port}`,
  };
}

/**
 * @param {ServerOptions} options
 * @returns {ProcessSpec}
 */
function nats({ dir, ports, programs, secretsDir }) {
  const home = join(dir, 'nats');
  const port = ports.nats;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const passwords = secretsDir ? servicePasswords(secretsDir, 'nats') : undefined;
  const config = join(home, 'nats.conf');
  writePrivate(config, natsConfig({ host: HOST, port, storeDir: home, passwords }));
  return {
    name: 'nats',
    stage: 'server',
    command: programs.nats.path,
    args: ['-c', config],
    cwd: home,
    isReady: () => answersNats({ host: HOST, port }),
    address: `${HOST}:${port}`,
  };
}

/**
 * @param {string} path
 * @param {string} content
 */
const writePrivate = (path, content) => writeFileSync(path, content, { mode: 0o600 });
