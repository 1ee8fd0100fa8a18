// @ts-check
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { natsConfig } from '../nats/nats-config.ts';
import { REDIS_KINDS, redisAcl, redisConfig } from '../redis/redis-config.ts';
import { SCHEMA_GUESTS, SCHEMA_OWNERS, SERVICE_NAMES } from '../services.ts';

/** Every secret of the system; each is a file of this name. */
export const SECRETS = [
  'postgres_admin',
  ...SCHEMA_OWNERS.flatMap((service) => [`postgres_${service}`, `postgres_${service}_migrator`]),
  ...SCHEMA_GUESTS.map((service) => `postgres_${service}`),
  ...SERVICE_NAMES.flatMap((service) => [`nats_${service}`, `redis_${service}`]),
  'secret_key',
];

/**
 * Creates the secrets that are missing and leaves the others as they are. Safe to run by several at once.
 *
 * @param {string} dir
 * @param {{ mode?: number }} [options]
 * @returns {string[]} the names of those it created
 */
export function ensureSecrets(dir, { mode = 0o600 } = {}) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return SECRETS.filter((name) => createOnce(join(dir, name), randomBytes(32).toString('base64url'), mode));
}

/**
 * @param {string} dir
 * @param {string} name
 */
export function readSecret(dir, name) {
  return readFileSync(join(dir, name), 'utf8').trim();
}

/**
 * @param {string} dir
 * @param {'nats' | 'redis'} server
 * @returns {Record<string, string>} service → password
 */
export function servicePasswords(dir, server) {
  return Object.fromEntries(
    SERVICE_NAMES.map((service) => [service, readSecret(dir, `${server}_${service}`)]),
  );
}

/**
 * Writes the configuration of NATS and of every Redis for containers: listening on every address of the container,
 * data under /data, this directory mounted as `mountedAt`.
 *
 * @param {string} dir
 * @param {{ mountedAt?: string, mode?: number }} [options]
 */
export function writeContainerConfig(dir, { mountedAt = dir, mode = 0o600 } = {}) {
  const nats = servicePasswords(dir, 'nats');
  const redis = servicePasswords(dir, 'redis');
  /** @type {Record<string, string>} */
  const files = {
    'nats.conf': natsConfig({
      host: '0.0.0.0',
      port: 4222,
      monitorPort: 8222,
      storeDir: '/data',
      passwords: nats,
    }),
  };
  for (const kind of REDIS_KINDS) {
    const aclFile = `${mountedAt}/redis-${kind}.acl`;
    files[`redis-${kind}.acl`] = redisAcl({ kind, passwords: redis });
    files[`redis-${kind}.conf`] = redisConfig({ kind, host: '0.0.0.0', port: 6379, dir: '/data', aclFile });
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content, { mode });
  return Object.keys(files);
}

/**
 * A secret is either there whole or not at all, also when two processes create it at once.
 *
 * @param {string} file
 * @param {string} content
 * @param {number} mode
 */
function createOnce(file, content, mode) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

const USAGE =
  'Usage: node infra/secrets/generate.ts <dir> [--with-config] [--mounted-at=<dir>] [--mode=<octal>]';

/** @param {string[]} args */
function main(args) {
  const dir = args.find((arg) => !arg.startsWith('--'));
  if (!dir) throw new Error(USAGE);
  /** @param {string} name */
  const option = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1];
  const mode = parseInt(option('mode') ?? '600', 8);
  const created = ensureSecrets(resolve(dir), { mode });
  console.log(created.length ? `Created ${created.join(', ')}.` : 'All secrets are there.');
  if (args.includes('--with-config')) {
    const written = writeContainerConfig(resolve(dir), { mountedAt: option('mounted-at'), mode });
    console.log(`Wrote ${written.join(', ')}.`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
