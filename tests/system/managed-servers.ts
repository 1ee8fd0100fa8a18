// A system uses servers that run elsewhere, over TLS, as managed ones do: node --test tests/system/managed-servers.ts
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { freePort } from '../../tools/lib/ports.ts';
import { ROOT } from '../../tools/lib/root.ts';
import { run } from '../../tools/lib/run.ts';
import { prepareCheckout } from '../../tools/lib/toolchain.ts';
import { answersNats } from '../../tools/processes/probes.ts';
import { Supervisor } from '../../tools/processes/supervisor.ts';
import { ensurePrograms } from '../../tools/servers/install-programs.ts';
import { ADMIN, postgresHomes } from '../../tools/servers/postgres.ts';
import { prepareServer, UNPROTECTED_PASSWORD } from '../../tools/servers/servers.ts';
import type { Stack } from '../../tools/stack/stack.ts';
import { createStackFolder, type StackFolder, startTestStack } from '../../tools/stack/test-stack.ts';

await prepareCheckout();

const JOURNEYS = ['client', 'sessions', 'account', 'posts', 'tasks'];

describe('with PostgreSQL, Redis and NATS elsewhere, over TLS, with client certificates', () => {
  const dir = mkdtempSync(join(tmpdir(), 'managed-'));
  const file = (name: string) => join(dir, name);
  let servers: Supervisor;
  let folder: StackFolder;
  let stack: Stack;

  before(async () => {
    makeCertificates(dir);
    const ports = { postgres: await freePort(), redis: await freePort(), nats: await freePort() };
    servers = await Supervisor.open(dir);
    await startServers(servers, dir, ports);
    folder = createStackFolder('system');
    const redis = `rediss://:secret@localhost:${ports.redis}`;
    stack = await startTestStack(folder, {
      env: { LOG_LEVEL: 'warn' },
      base: {
        EXTERNAL_SERVERS: 'postgres,redis,nats',
        DATABASE_URL: `postgres://localhost:${ports.postgres}/shop?sslmode=verify-full`,
        POSTGRES_ADMIN_USER: 'manager',
        POSTGRES_ADMIN_PASSWORD: 'secret',
        ...certificates('POSTGRES_SSL', file),
        REDIS_CACHE_URL: redis,
        REDIS_RATE_LIMIT_URL: redis,
        REDIS_QUEUE_URL: redis,
        ...certificates('REDIS_TLS', file),
        NATS_URL: `tls://localhost:${ports.nats}`,
        NATS_TOKEN: 'a-token',
        ...certificates('NATS_TLS', file),
      },
    });
    process.env.GATEWAY_URL = stack.gatewayUrl;
  });
  after(async () => {
    await stack?.stop();
    folder?.remove();
    await servers?.stop();
    for (const path of [dir, postgresHomes(dir).outside]) rmSync(path, { recursive: true, force: true });
  });

  it('starts none of them', () => {
    const started = [...stack.processes.keys()].filter((name) => /^(postgres|redis|nats)/.test(name));
    assert.deepEqual(started, []);
  });

  it('the services serve', async () => {
    await run('npm', ['--prefix', 'tests', 'run', 'e2e', '--', `/(${JOURNEYS.join('|')})\\.spec`], {
      cwd: ROOT,
    });
  });
});

const certificates = (prefix: string, file: (name: string) => string) => ({
  [`${prefix}_CA_FILE`]: file('ca.pem'),
  [`${prefix}_CERT_FILE`]: file('client.pem'),
  [`${prefix}_KEY_FILE`]: file('client.key'),
});

/** An authority, and the certificates that it has signed for the servers and a client. */
function makeCertificates(dir: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...newKey, '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  writeFileSync(join(dir, 'names'), 'subjectAltName=DNS:localhost');
  for (const name of ['server', 'client']) {
    openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const signed = ['-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    openssl('x509', '-req', ...signed, '-extfile', 'names', '-out', `${name}.pem`);
  }
}

async function startServers(
  servers: Supervisor,
  dir: string,
  ports: Record<'postgres' | 'redis' | 'nats', number>,
): Promise<void> {
  const programs = await ensurePrograms(['postgres', 'redis', 'nats'], { log: console.log });
  const postgres = await prepareServer('postgres', { dir, port: ports.postgres, programs, durable: false });
  requireTls(dir, postgres.args.at(-1)!);
  await servers.start(postgres);
  await createManager(ports.postgres, dir);
  const [ca, cert, key] = ['ca.pem', 'server.pem', 'server.key'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  const server = { stage: 'server', cwd: dir } as const;
  const listens = (port: number) => async () =>
    (
      await run('openssl', ['s_client', '-connect', `localhost:${port}`], { allowFailure: true })
    ).output.includes('CONNECTED');
  await servers.start({
    ...server,
    name: 'redis',
    command: programs.redis.path,
    args: [
      ...['--port', '0', '--tls-port', String(ports.redis), '--requirepass', 'secret', '--save', ''],
      ...['--tls-ca-cert-file', ca, '--tls-cert-file', cert, '--tls-key-file', key],
    ],
    isReady: listens(ports.redis),
  });
  await servers.start({
    ...server,
    name: 'nats',
    command: programs.nats.path,
    args: [
      ...[
        '-a',
        'localhost',
        '-p',
        String(ports.nats),
        '-js',
        '-sd',
        join(dir, 'jetstream'),
        '--auth',
        'a-token',
      ],
      ...['--tlsverify', '--tlscacert', ca, '--tlscert', cert, '--tlskey', key],
    ],
    isReady: () => answersNats(ports.nats),
  });
}

/** PostgreSQL accepts TLS connections with a client certificate only. */
function requireTls(dir: string, data: string): void {
  const { uid, gid } = statSync(data);
  for (const name of ['ca.pem', 'server.pem', 'server.key']) {
    cpSync(join(dir, name), join(data, name));
    chownSync(join(data, name), uid, gid);
  }
  appendFileSync(
    join(data, 'postgresql.conf'),
    "ssl = on\nssl_ca_file = 'ca.pem'\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\n",
  );
  writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all all all scram-sha-256 clientcert=verify-ca\n');
}

/** An administrator as managed servers have it: no superuser. */
async function createManager(port: number, dir: string): Promise<void> {
  const [ca, cert, key] = ['ca.pem', 'client.pem', 'client.key'].map((name) =>
    readFileSync(join(dir, name), 'utf8'),
  );
  const admin = new pg.Client({
    ...{ host: 'localhost', port, user: ADMIN, password: UNPROTECTED_PASSWORD, database: 'postgres' },
    ssl: { ca, cert, key },
  });
  await admin.connect();
  await admin.query("CREATE ROLE manager LOGIN CREATEROLE PASSWORD 'secret'");
  await admin.query('CREATE DATABASE shop OWNER manager');
  await admin.end();
}
