// Servers as a provider runs them: over TLS, with client certificates, and a PostgreSQL administrator that is no superuser.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
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
import pg from 'pg';
import { freePort } from '../../tools/lib/ports.ts';
import { run } from '../../tools/lib/run.ts';
import { answersNats, answersPostgres } from '../../tools/processes/probes.ts';
import { Supervisor } from '../../tools/processes/supervisor.ts';
import { ensurePrograms } from '../../tools/servers/install-programs.ts';
import { ADMIN, postgresHomes } from '../../tools/servers/postgres.ts';
import { prepareServer, UNPROTECTED_PASSWORD } from '../../tools/servers/servers.ts';

/** As in docs/deploying.md: the administrator, and the password of every account. */
export const MANAGER = 'manager';
export const PASSWORD = 'provided-password';
export const NATS_TOKEN = 'provided-token';
export const MANAGED_DATABASE = 'shop';

/** They listen on every address, and accept only clients with a certificate of their authority. */
export class TlsServers {
  readonly #dir = mkdtempSync(join(tmpdir(), 'managed-'));
  readonly #names: string[];
  #servers: Supervisor | undefined;
  ports!: Record<'postgres' | 'redis' | 'nats', number>;

  /** `names`: the host names that the certificate of the servers is for. */
  constructor(...names: string[]) {
    this.#names = names;
  }

  /** The path of ca.pem, client.pem, client.key, server.pem or server.key. */
  file(name: string): string {
    return join(this.#dir, name);
  }

  async start(): Promise<void> {
    this.ports = { postgres: await freePort(), redis: await freePort(), nats: await freePort() };
    this.#makeCertificates();
    const programs = await ensurePrograms(['postgres', 'redis', 'nats'], { log: console.log });
    const servers = await Supervisor.open(this.#dir);
    this.#servers = servers;
    const { postgres: port, redis, nats } = this.ports;
    const postgres = await prepareServer('postgres', { dir: this.#dir, port, programs, durable: false });
    this.#requireTls(postgres.args.at(-1)!);
    await servers.start(postgres);
    await this.#createManager();
    const [ca, cert, key] = ['ca.pem', 'server.pem', 'server.key'].map((name) => this.file(name)) as [
      string,
      string,
      string,
    ];
    const server = { stage: 'server', cwd: this.#dir } as const;
    await servers.start({
      ...server,
      name: 'redis',
      command: programs.redis.path,
      args: [
        ...['--port', '0', '--tls-port', String(redis), '--requirepass', PASSWORD, '--save', ''],
        ...['--tls-ca-cert-file', ca, '--tls-cert-file', cert, '--tls-key-file', key],
      ],
      isReady: () => acceptsTls(redis),
    });
    await servers.start({
      ...server,
      name: 'nats',
      command: programs.nats.path,
      args: [
        ...['-p', String(nats), '-js', '-sd', this.file('jetstream'), '--auth', NATS_TOKEN],
        ...['--tlsverify', '--tlscacert', ca, '--tlscert', cert, '--tlskey', key],
      ],
      isReady: () => answersNats(nats),
    });
  }

  /**
   * PgBouncer in transaction mode in front of PostgreSQL. It reads the passwords of the roles in PostgreSQL.
   *
   * @returns its port
   */
  async startPgBouncer(): Promise<number> {
    const port = await freePort();
    const { pgbouncer } = await ensurePrograms(['pgbouncer'], { log: console.log });
    // PgBouncer refuses to run as root, and has to read its files.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chmodSync(this.#dir, 0o755);
    if (isRoot) for (const name of ['server.key', 'client.key']) chmodSync(this.file(name), 0o644);
    writeFileSync(this.file('users.txt'), `"${ADMIN}" "${UNPROTECTED_PASSWORD}"\n`);
    writeFileSync(
      this.file('pgbouncer.ini'),
      `[databases]
${MANAGED_DATABASE} = host=localhost port=${this.ports.postgres} auth_user=${ADMIN}

[pgbouncer]
pool_mode = transaction
listen_addr = *
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${this.file('users.txt')}
client_tls_sslmode = verify-ca
client_tls_ca_file = ${this.file('ca.pem')}
client_tls_cert_file = ${this.file('server.pem')}
client_tls_key_file = ${this.file('server.key')}
server_tls_sslmode = verify-full
server_tls_ca_file = ${this.file('ca.pem')}
server_tls_cert_file = ${this.file('client.pem')}
server_tls_key_file = ${this.file('client.key')}
`,
    );
    await this.#servers!.start({
      name: 'pgbouncer',
      stage: 'server',
      command: pgbouncer.path,
      args: [...(isRoot ? ['-u', 'nobody'] : []), this.file('pgbouncer.ini')],
      isReady: () => answersPostgres(port),
    });
    return port;
  }

  async stop(): Promise<void> {
    await this.#servers?.stop();
    for (const path of [this.#dir, postgresHomes(this.#dir).outside])
      rmSync(path, { recursive: true, force: true });
  }

  /** An authority, and the certificates that it has signed for the servers and a client. */
  #makeCertificates(): void {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: this.#dir, stdio: 'ignore' });
    const newKey = ['-newkey', 'rsa:2048', '-nodes'];
    openssl('req', '-x509', ...newKey, '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem');
    const names = this.#names.map((name) => `DNS:${name}`).join(',');
    writeFileSync(this.file('names'), `subjectAltName=${names}`);
    for (const name of ['server', 'client']) {
      openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      const signed = ['-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
      openssl('x509', '-req', ...signed, '-extfile', 'names', '-out', `${name}.pem`);
    }
  }

  /** PostgreSQL accepts TLS connections with a client certificate only. */
  #requireTls(data: string): void {
    const { uid, gid } = statSync(data);
    for (const name of ['ca.pem', 'server.pem', 'server.key']) {
      cpSync(this.file(name), join(data, name));
      chownSync(join(data, name), uid, gid);
    }
    appendFileSync(
      join(data, 'postgresql.conf'),
      `listen_addresses = '*'
ssl = on
ssl_ca_file = 'ca.pem'
ssl_cert_file = 'server.pem'
ssl_key_file = 'server.key'
`,
    );
    writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all all all scram-sha-256 clientcert=verify-ca\n');
  }

  async #createManager(): Promise<void> {
    const [ca, cert, key] = ['ca.pem', 'client.pem', 'client.key'].map((name) =>
      readFileSync(this.file(name), 'utf8'),
    );
    const admin = new pg.Client({
      ...{ host: 'localhost', port: this.ports.postgres, database: 'postgres' },
      ...{ user: ADMIN, password: UNPROTECTED_PASSWORD },
      ssl: { ca, cert, key },
    });
    await admin.connect();
    await admin.query(`CREATE ROLE ${MANAGER} LOGIN CREATEROLE PASSWORD '${PASSWORD}'`);
    await admin.query(`CREATE DATABASE ${MANAGED_DATABASE} OWNER ${MANAGER}`);
    await admin.end();
  }
}

async function acceptsTls(port: number): Promise<boolean> {
  const probe = ['s_client', '-connect', `localhost:${port}`];
  const { output } = await run('openssl', probe, { allowFailure: true });
  return output.includes('CONNECTED');
}
