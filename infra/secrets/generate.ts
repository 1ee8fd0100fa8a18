import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
 * Creates the secrets that are missing and leaves the others as they are. Several processes may do so at the same time.
 *
 * @returns the names of those it created
 */
export function ensureSecrets(dir: string): string[] {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return SECRETS.filter((name) => createOnce(join(dir, name), randomBytes(32).toString('base64url')));
}

export function readSecret(dir: string, name: string): string {
  return readFileSync(join(dir, name), 'utf8').trim();
}

/** Service → password. */
export function servicePasswords(dir: string, server: 'nats' | 'redis'): Record<string, string> {
  return Object.fromEntries(SERVICE_NAMES.map((name) => [name, readSecret(dir, `${server}_${name}`)]));
}

/**
 * The configuration of NATS and of every Redis for containers, name of the file → content: listening on every address
 * of the container, data under /data, these files mounted in `mountedAt`.
 */
export function containerConfig(dir: string, mountedAt: string): Record<string, string> {
  const host = '0.0.0.0';
  const storage = { monitorPort: 8222, storeDir: '/data', passwords: servicePasswords(dir, 'nats') };
  const files: Record<string, string> = { 'nats.conf': natsConfig({ host, port: 4222, ...storage }) };
  for (const kind of REDIS_KINDS) {
    const aclFile = `${mountedAt}/redis-${kind}.acl`;
    files[`redis-${kind}.acl`] = redisAcl(kind, servicePasswords(dir, 'redis'));
    files[`redis-${kind}.conf`] = redisConfig({ kind, host, port: 6379, dir: '/data', aclFile });
  }
  return files;
}

/** Creates the file whole or not at all, also when two processes do so at the same time. */
function createOnce(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

if (import.meta.main) {
  const [, , dir] = process.argv;
  if (!dir) throw new Error('Usage: node infra/secrets/generate.ts <folder>');
  const created = ensureSecrets(resolve(dir));
  console.log(created.length ? `Created ${created.join(', ')}.` : 'All secrets are there.');
}
