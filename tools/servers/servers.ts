import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { natsConfig } from '../../infra/nats/nats-config.ts';
import { redisAcl, redisConfig, type RedisKind } from '../../infra/redis/redis-config.ts';
import { readSecret, servicePasswords } from '../../infra/secrets/generate.ts';
import type { ProcessSpec } from '../processes/managed-process.ts';
import { answersNats, answersRedis } from '../processes/probes.ts';
import { preparePostgres } from './postgres.ts';
import type { Program } from './programs.ts';

export const SERVER_TITLES = {
  postgres: 'PostgreSQL',
  'redis-cache': 'Redis for the cache',
  'redis-limits': 'Redis for limits',
  'redis-queue': 'Redis for queues',
  nats: 'NATS',
};
export type ServerName = keyof typeof SERVER_TITLES;
export const SERVER_NAMES = Object.keys(SERVER_TITLES) as ServerName[];

/** The administrator's password of a PostgreSQL without `secretsDir`. */
export const UNPROTECTED_PASSWORD = 'postgres';
const HOST = '127.0.0.1';

export interface ServerOptions {
  /** Holds the data and the configuration. */
  dir: string;
  port: number;
  programs: Record<'postgres' | 'redis' | 'nats', Program>;
  /** With it, each service has an account with its own rights. Without it, in tests, every client has all rights. */
  secretsDir?: string;
  /** false, in tests: faster, and data may be lost in a crash. */
  durable: boolean;
  signal?: AbortSignal;
}

/** Writes the configuration of a server; it then starts on a port of its own, on the loopback interface. */
export async function prepareServer(name: ServerName, options: ServerOptions): Promise<ProcessSpec> {
  const { dir, port, programs, secretsDir } = options;
  if (name === 'postgres') {
    const password = secretsDir ? readSecret(secretsDir, 'postgres_admin') : UNPROTECTED_PASSWORD;
    return preparePostgres({ ...options, program: programs.postgres, password });
  }
  const home = join(dir, name);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const write = (file: string, content: string): string => {
    writeFileSync(join(home, file), content, { mode: 0o600 });
    return join(home, file);
  };
  const server = { name, stage: 'server', cwd: home, address: `${HOST}:${port}` } as const;
  if (name === 'nats') {
    const passwords = secretsDir ? servicePasswords(secretsDir, 'nats') : undefined;
    const config = write('nats.conf', natsConfig({ host: HOST, port, storeDir: home, passwords }));
    return { ...server, command: programs.nats.path, args: ['-c', config], isReady: () => answersNats(port) };
  }
  const kind = name.replace('redis-', '') as RedisKind;
  const aclFile = secretsDir && write('users.acl', redisAcl(kind, servicePasswords(secretsDir, 'redis')));
  const config = write('redis.conf', redisConfig({ kind, host: HOST, port, dir: home, aclFile }));
  return { ...server, command: programs.redis.path, args: [config], isReady: () => answersRedis(port) };
}
