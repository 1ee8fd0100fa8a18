import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCHEMA_OWNERS, SERVICE_NAMES } from '../../../../infra/services.ts';
import { step } from '../../../../tools/lib/progress.ts';
import { gatewayUrl } from '../../../support/api.ts';
import { Clone } from '../../clone.ts';
import { TlsServers } from '../../tls-servers.ts';
import { commandsOf } from '../guide.ts';
import { Stack } from '../stack.ts';

/** The addresses in the guide. */
const ADDRESSES = {
  postgres: 'db.example.com:5432',
  pgbouncer: 'pooler.example.com:6432',
  redis: 'redis.example.com:6379',
  nats: 'nats.example.com:4222',
};
const HOSTS = Object.values(ADDRESSES).map(hostOf);
const CERTIFICATES = ['ca.pem', 'client.pem', 'client.key'];

/** Follows "Managed servers" of docs/deploying.md in a fresh clone, with servers on the host, behind PgBouncer. */
export async function external({ project }: Stack): Promise<void> {
  const clone = new Clone('external');
  const home = mkdtempSync(join(tmpdir(), 'external-'));
  const servers = new TlsServers('localhost', ...HOSTS);
  const stack = await Stack.named(project, clone.folder);
  try {
    await servers.start();
    const ports = { ...servers.ports, pgbouncer: await servers.startPgBouncer() };
    const addresses = Object.entries(ADDRESSES).map(([server, address]) => [
      address,
      `${hostOf(address)}:${ports[server as keyof typeof ports]}`,
    ]);
    const certificates = CERTIFICATES.map((name) => [`/etc/shop/${name}`, servers.file(name)]);
    const commands = commandsOf(clone.folder, 'Managed servers', {
      ...Object.fromEntries([...addresses, ...certificates]),
      'docker-compose.external.yml': `docker-compose.external.yml:${writeHosts(home)}`,
      'http://localhost/': `${gatewayUrl()}/`,
    });
    await step('"Managed servers"', () => stack.run('bash', '-euo', 'pipefail', '-c', commands));
    stack.tour();
    await startsNoServer(stack);
    await keepsTheAdministratorFromApps(stack);
  } finally {
    await stack.down();
    await servers.stop();
    clone.remove();
    rmSync(home, { recursive: true });
  }
}

function hostOf(address: string): string {
  return new URL(`tls://${address}`).hostname;
}

/** A compose file with which the containers find the servers on this machine. */
function writeHosts(home: string): string {
  const containers = [...SERVICE_NAMES, ...SCHEMA_OWNERS.map((name) => `migrate-${name}`), 'seed'];
  const found = { extra_hosts: HOSTS.map((host) => `${host}:host-gateway`) };
  const file = join(home, 'hosts.json');
  writeFileSync(
    file,
    JSON.stringify({ services: Object.fromEntries(containers.map((name) => [name, found])) }),
  );
  return file;
}

async function startsNoServer(stack: Stack): Promise<void> {
  const created = (await stack.compose('ps', '--all', '--format', '{{.Service}}')).split('\n');
  assert.deepEqual(
    created.filter((name) => /^(postgres|redis|nats)/.test(name)),
    [],
  );
}

async function keepsTheAdministratorFromApps(stack: Stack): Promise<void> {
  for (const name of SERVICE_NAMES) {
    const environment = await stack.compose('exec', '-T', name, 'env');
    assert.doesNotMatch(environment, /POSTGRES_ADMIN|MIGRATION_DATABASE_URL/, name);
  }
}
