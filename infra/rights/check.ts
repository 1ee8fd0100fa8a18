// @ts-check
// Tries what each service's credentials are good for on the servers that run: its own must work, everything else must
// be refused.
//
//   node infra/rights/check.ts              the servers of npm start
//   node infra/rights/check.ts <hosts.json> others; see `ours` for the form
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSecret } from '../secrets/generate.ts';
import { natsAttempts } from './nats.ts';
import { postgresAttempts } from './postgres.ts';
import { redisAttempts } from './redis.ts';

/**
 * @typedef {object} Attempt
 * @property {string} who
 * @property {string} what
 * @property {boolean} allowed   whether it should work
 * @property {() => Promise<boolean>} try  whether it does; rejects when neither can be said
 *
 * @typedef {{ host: string, port: number }} Address
 *
 * @typedef {object} Servers
 * @property {Address & { database: string }} postgres
 * @property {Address} nats
 * @property {Record<import('../redis/redis-config.ts').RedisKind, Address>} redis
 * @property {string} secretsDir
 * @property {string} packages  folder of the packages from which the clients of the servers are loaded
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const servers = process.argv[2] ? JSON.parse(readFileSync(process.argv[2], 'utf8')) : ours();
/** A client of a server, as the package loads it. @param {string} name @param {string} client */
const load = (name, client) =>
  createRequire(realpathSync(join(servers.packages, name, 'package.json')))(client);
const secret = (/** @type {string} */ name) => readSecret(servers.secretsDir, name);

const attempts = [
  ...postgresAttempts(servers.postgres, secret, load('database', 'pg')),
  ...natsAttempts(servers.nats, secret, load('messaging', '@nats-io/transport-node')),
  ...redisAttempts(servers.redis, secret, load('redis', 'ioredis')),
];
/** @type {Map<string, { refused: number, works: number }>} */
const table = new Map();
const wrong = [];
for (const { who, what, allowed, try: attempt } of attempts) {
  const works = await attempt().catch((error) => String(error));
  const line = table.get(who) ?? { refused: 0, works: 0 };
  line[works === true ? 'works' : 'refused']++;
  table.set(who, line);
  if (works !== allowed)
    wrong.push(`${who}: ${what} should ${allowed ? 'work' : 'be refused'}, but: ${explain(works)}`);
}
for (const [who, { refused, works }] of table)
  console.log(`${who.padEnd(26)} ${works} work, ${refused} are refused`);
for (const line of wrong) console.log(line);
console.log(`${attempts.length} attempts, ${wrong.length} with the wrong outcome`);
process.exit(wrong.length > 0 ? 1 : 0);

/** @param {boolean | string} works */
function explain(works) {
  if (typeof works === 'string') return works;
  return works ? 'it works' : 'it is refused';
}

/** @returns {Servers} */
function ours() {
  const dir = join(root, '.local');
  const ports = JSON.parse(readFileSync(join(dir, 'ports.json'), 'utf8'));
  const at = (/** @type {string} */ name) => ({ host: '127.0.0.1', port: ports[name] });
  return {
    postgres: { ...at('postgres'), database: 'app' },
    nats: at('nats'),
    redis: { cache: at('redis-cache'), limits: at('redis-limits'), queue: at('redis-queue') },
    secretsDir: join(dir, 'secrets'),
    packages: join(root, 'packages'),
  };
}
