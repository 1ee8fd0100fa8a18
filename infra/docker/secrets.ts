// Gives every container its own secrets: each container mounts one folder of /shared.
//
//   node infra/docker/secrets.ts           creates the secrets that are missing in /vault
//   node infra/docker/secrets.ts --given   requires every secret in /vault, and changes nothing there
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { containerConfig, ensureSecrets, SECRETS } from '../secrets/generate.ts';
import { SERVICE_NAMES } from '../services.ts';

const VAULT = '/vault';
const SHARED = '/shared';
const MOUNTED_AT = '/run/secrets';
const NATS_DATA = '/nats-data';
const NATS_USER = 1000;
const MIN_LENGTH = 16;
/** The operator chooses the password of the first superuser, so it is not created here. */
const ADMIN_PASSWORD = 'admin_password';
/** Optional: without them a proxy in front of the gateway terminates TLS. */
const TLS = ['tls_certificate', 'tls_key'];

const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));
const redis = (kind: string) => [`redis-${kind}`, same(`redis-${kind}.conf`, `redis-${kind}.acl`)] as const;

/** Folder → name in the folder → name of the secret. */
const FOLDERS: Record<string, Record<string, string>> = Object.fromEntries([
  ['postgres', same('postgres_admin')],
  ['nats', same('nats.conf')],
  ...['cache', 'limits', 'queue'].map(redis),
  ['nginx', same(...TLS)],
  ['migrate', same(...SECRETS.filter((name) => name.startsWith('postgres_')), ADMIN_PASSWORD)],
  ...SERVICE_NAMES.map((service) => [
    service,
    {
      postgres_password: `postgres_${service}`,
      nats_password: `nats_${service}`,
      redis_password: `redis_${service}`,
      ...(service === 'auth' && same('secret_key')),
    },
  ]),
]);

try {
  const { values } = parseArgs({ options: { given: { type: 'boolean', default: false } } });
  if (values.given) requireAll();
  else console.log(`created: ${ensureSecrets(VAULT).join(', ') || 'nothing, every secret exists'}`);
  const generated = containerConfig(VAULT, MOUNTED_AT);
  for (const [folder, files] of Object.entries(FOLDERS)) {
    for (const [name, secret] of Object.entries(files)) {
      const target = join(SHARED, folder, name);
      rmSync(target, { force: true });
      const content = generated[secret] ?? given(secret);
      if (content) writeFileSync(target, content, { mode: 0o444 });
    }
  }
  chownSync(NATS_DATA, NATS_USER, NATS_USER); // its image has no data folder that belongs to its user
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function requireAll(): void {
  const missing = [...SECRETS, ADMIN_PASSWORD].filter((name) => given(name).trim().length < MIN_LENGTH);
  if (missing.length > 0)
    throw new Error(
      `SECRETS_DIR: each of these has to be a file of ${MIN_LENGTH} characters or more: ${missing.join(', ')}.`,
    );
}

/** The content of a secret, empty when there is none. */
function given(name: string): string {
  const file = join(VAULT, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
