// Tries the credentials of each service on the running servers: its own rights must work, everything else must be
// refused.
//
//   node infra/rights/check.ts              the servers of npm start
//   node infra/rights/check.ts <hosts.json> other servers, as in compose.json
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RedisKind } from '../redis/redis-config.ts';
import { readSecret } from '../secrets/generate.ts';
import { natsAttempts } from './nats.ts';
import { postgresAttempts } from './postgres.ts';
import { redisAttempts } from './redis.ts';

export interface Attempt {
  account: string;
  action: string;
  allowed: boolean;
  /** Whether it works. Rejects when the attempt failed for another reason than missing rights. */
  works: () => Promise<boolean>;
}

export interface Address {
  host: string;
  port: number;
}

export interface Servers {
  postgres: Address & { database: string };
  nats: Address;
  redis: Record<RedisKind, Address>;
  secretsDir: string;
  /** The folder of the packages that the clients of the servers are loaded from. */
  packages: string;
}

const servers: Servers = process.argv[2] ? readJson(process.argv[2]) : localServers();
const secret = (name: string) => readSecret(servers.secretsDir, name);
const load = (name: string, client: string) =>
  createRequire(realpathSync(join(servers.packages, name, 'package.json')))(client);

const attempts = [
  ...postgresAttempts(servers.postgres, secret, load('database', 'pg')),
  ...natsAttempts(servers.nats, secret, load('messaging', '@nats-io/transport-node')),
  ...redisAttempts(servers.redis, secret, load('redis', 'ioredis')),
];
const wrong: string[] = [];
for (const { account, action, allowed, works } of attempts) {
  const actual = await works().catch(String);
  if (actual !== allowed)
    wrong.push(`${account}: ${action} should be ${allowed ? 'allowed' : 'refused'}, but works: ${actual}`);
}
for (const line of wrong) console.log(line);
console.log(`${attempts.length} attempts, ${wrong.length} with a wrong result`);
process.exit(wrong.length > 0 ? 1 : 0);

function localServers(): Servers {
  const root = join(import.meta.dirname, '../..');
  const ports = readJson(join(root, '.local/ports.json'));
  const at = (name: string): Address => ({ host: '127.0.0.1', port: ports[name] });
  return {
    postgres: { ...at('postgres'), database: 'app' },
    nats: at('nats'),
    redis: { cache: at('redis-cache'), limits: at('redis-limits'), queue: at('redis-queue') },
    secretsDir: join(root, '.local/secrets'),
    packages: join(root, 'packages'),
  };
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
