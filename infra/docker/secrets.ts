// Gives every container its own secrets and nothing else: each of them mounts one folder of /shared.
//
//   node infra/docker/secrets.ts           creates what is missing in /vault
//   node infra/docker/secrets.ts --given   takes all from /vault, which it leaves alone, and insists on each
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSecrets, SECRETS, writeContainerConfig } from '../secrets/generate.ts';
import { SCHEMA_GUESTS, SCHEMA_OWNERS, SERVICE_NAMES } from '../services.ts';

const VAULT = '/vault';
const SHARED = '/shared';
const MOUNTED_AT = '/run/secrets';
const NATS_DATA = '/nats-data';
const NATS_USER = 1000;
const MIN_LENGTH = 16;
const ADMIN_PASSWORD = 'admin_password'; // of the first superuser: chosen by people, so never created here
const TLS = ['tls_certificate', 'tls_key']; // of the gateway; without them something in front of it has to do TLS

/** folder → { name in the folder: name of the secret } */
function shares() {
  const all = {
    postgres: same('postgres_admin'),
    nats: same('nats.conf'),
    'redis-cache': same('redis-cache.conf', 'redis-cache.acl'),
    'redis-limits': same('redis-limits.conf', 'redis-limits.acl'),
    'redis-queue': same('redis-queue.conf', 'redis-queue.acl'),
    nginx: same(...TLS),
    migrate: same(
      'postgres_admin',
      ADMIN_PASSWORD,
      ...SCHEMA_OWNERS.flatMap(roles),
      ...SCHEMA_GUESTS.map((service) => `postgres_${service}`),
    ),
  };
  for (const service of SERVICE_NAMES) {
    all[service] = {
      postgres_password: `postgres_${service}`,
      nats_password: `nats_${service}`,
      redis_password: `redis_${service}`,
    };
  }
  Object.assign(all.auth, same('secret_key'));
  return all;
}

const same = (...names) => Object.fromEntries(names.map((name) => [name, name]));
const roles = (service) => [`postgres_${service}`, `postgres_${service}_migrator`];

/** A copy of the vault that may be written to; the vault itself belongs to the operator. */
function takeGiven() {
  const dir = '/tmp/vault';
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const bad = [...SECRETS, ADMIN_PASSWORD].filter((name) => {
    const file = join(VAULT, name);
    return !existsSync(file) || readFileSync(file, 'utf8').trim().length < MIN_LENGTH;
  });
  if (bad.length > 0)
    throw new Error(`Each of these must be a file with at least ${MIN_LENGTH} characters: ${bad.join(', ')}`);
  for (const name of [...SECRETS, ADMIN_PASSWORD, ...TLS.filter((file) => existsSync(join(VAULT, file)))])
    writeFileSync(join(dir, name), readFileSync(join(VAULT, name)), { mode: 0o600 });
  return dir;
}

function createMissing() {
  console.log(`created: ${ensureSecrets(VAULT).join(', ') || 'nothing, all were there'}`);
  return VAULT;
}

try {
  const dir = process.argv.includes('--given') ? takeGiven() : createMissing();
  writeContainerConfig(dir, { mountedAt: MOUNTED_AT });
  for (const [folder, files] of Object.entries(shares())) {
    for (const [name, secret] of Object.entries(files)) {
      rmSync(join(SHARED, folder, name), { force: true });
      if (!existsSync(join(dir, secret))) continue;
      writeFileSync(join(SHARED, folder, name), readFileSync(join(dir, secret)), { mode: 0o444 });
    }
  }
  chownSync(NATS_DATA, NATS_USER, NATS_USER); // its image has no folder for data that it could own
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
