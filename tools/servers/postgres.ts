import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { run } from '../lib/run.ts';
import type { ProcessSpec } from '../processes/managed-process.ts';
import { answersPostgres } from '../processes/probes.ts';
import { commandLineOf } from '../processes/process-identity.ts';
import type { Program } from './programs.ts';

export const ADMIN = 'postgres';
export const DATABASE = 'app';
const HOST = '127.0.0.1';

interface User {
  uid: number;
  gid: number;
}

export interface PostgresOptions {
  dir: string;
  program: Program;
  port: number;
  /** The administrator's. */
  password: string;
  durable: boolean;
  signal?: AbortSignal;
}

/** For one machine that runs everything else too: little memory, no parallel queries. */
const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '32MB',
  effective_cache_size: '256MB',
  jit: 'off',
  max_parallel_workers: '0',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_duration_statement: '500ms',
};
/** For tests, which need no data after a crash. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };

/** Creates the data directory when there is none, and writes the settings. */
export async function preparePostgres(options: PostgresOptions): Promise<ProcessSpec> {
  const { dir, program, port, durable } = options;
  const user = postgresUser();
  const { inside, outside } = postgresHomes(dir);
  const home = !user || canEnter(dir, user) ? inside : outside;
  makeHome(home, user);
  const data = join(home, 'data');
  if (!existsSync(data)) await initialise(data, home, user, options);
  checkVersion(data, program);
  removeStaleLock(data);
  const settings = { ...SETTINGS, port, ...(!durable && NOT_DURABLE) };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  writeFor(user, join(data, 'postgresql.conf'), lines.join(''));
  return {
    name: 'postgres',
    stage: 'server',
    command: program.path,
    args: ['-D', data],
    cwd: home,
    user,
    // Fast shutdown: ends sessions, keeps every commit.
    stopSignal: 'SIGINT',
    isReady: () => answersPostgres(port),
    address: `${HOST}:${port}`,
  };
}

/**
 * Both places where the data of `dir` may be: in `dir`, or, when the user that PostgreSQL runs as cannot enter that
 * (a checkout in /root), in a folder of its own in /var/tmp.
 */
export function postgresHomes(dir: string): { inside: string; outside: string } {
  const digest = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  return {
    inside: join(dir, 'postgres'),
    outside: `/var/tmp/postgres-of-${basename(dirname(dir))}-${digest}`,
  };
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, where that user exists, or as `nobody`. */
function postgresUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = entries.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Failure(
    'PostgreSQL refuses to run as root, and /etc/passwd has no user `postgres` or `nobody` to run it as: create one.',
  );
}

function canEnter(dir: string, user: User): boolean {
  return spawnSync('sh', ['-c', 'cd "$1"', 'sh', dir], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function makeHome(home: string, user: User | undefined): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const stats = lstatSync(home);
  // In /var/tmp another user may have created it.
  if (!stats.isDirectory() || ![process.getuid?.(), user?.uid].includes(stats.uid)) {
    throw new Failure(`${home} belongs to another user, so the database cannot be there: remove it.`);
  }
  chmodSync(home, 0o700);
  if (user) chownSync(home, user.uid, user.gid);
}

async function initialise(
  data: string,
  home: string,
  user: User | undefined,
  { program, password, durable, signal }: PostgresOptions,
): Promise<void> {
  // It gets its name when it is complete: an interrupted start leaves no half of it.
  const draft = `${data}.draft`;
  const passwordFile = join(home, 'password');
  rmSync(draft, { recursive: true, force: true });
  writeFor(user, passwordFile, `${password}\n`);
  const initdb = [
    ...['--pgdata', draft, '--username', ADMIN, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C'],
    ...(durable ? [] : ['--no-sync']),
  ];
  const single = ['--single', '-j', '-D', draft, '-c', `fsync=${durable ? 'on' : 'off'}`, 'postgres'];
  const options = { cwd: home, user, signal };
  try {
    const message = `PostgreSQL could not create its data directory ${draft}.`;
    await run(join(program.dir, 'initdb'), initdb, { ...options, message });
    const input = `CREATE DATABASE ${DATABASE};\n\n`;
    await run(program.path, single, {
      ...options,
      input,
      message: 'PostgreSQL could not create the database.',
    });
    renameSync(draft, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function checkVersion(data: string, program: Program): void {
  const version = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8').trim());
  if (version === program.major) return;
  throw new Failure(
    `The data in ${data} is of PostgreSQL ${version}, but ${program.path} is version ${program.major}: ` +
      `put version ${version} on the PATH, or delete the data with \`npm start -- --fresh\`.`,
  );
}

/** The lock file of a run that was killed may name the process id of another program: PostgreSQL would not start. */
function removeStaleLock(data: string): void {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (!commandLineOf(pid)?.includes(data)) rmSync(lock);
}

function writeFor(user: User | undefined, path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
  if (user) chownSync(path, user.uid, user.gid);
}
